import type { Random } from "../../core/index.ts";

/** Slanting streaks of rain over the whole picture. */
export function rain(random: Random, width: number, height: number): string {
  const slant = random.uniform(-0.4, 0.4);
  let path = "";
  for (let i = 0; i < 110; i++) {
    const length = height * random.uniform(0.03, 0.09);
    const x = random.uniform(-0.1, 1.1) * width;
    const y = random.uniform(-0.05, 1) * height;
    path += `M${x.toFixed(1)} ${y.toFixed(1)}l${(length * slant).toFixed(1)} ${length.toFixed(1)}`;
  }
  return `<path d="${path}" fill="none" stroke="#e8eef4" stroke-opacity="0.4" stroke-width="0.8"/>`;
}
