import type { Random } from "../../core/index.ts";
import type { Camera } from "./camera.ts";
import type { Light } from "./light.ts";
import { css, hex, mix, white } from "./palette.ts";
import { glow, oval, rectangle, verticalGradient } from "./svg.ts";

/** The sky down to the horizon: gradient, clouds, sun or moon, stars. */
export function sky(random: Random, camera: Camera, light: Light): string {
  const { width, horizon } = camera;
  const parts = [
    `<defs>${verticalGradient("sky", css(light.skyTop), css(light.skyBottom))}</defs>`,
    rectangle(0, 0, width, horizon + 1, "url(#sky)"),
  ];
  if (light.kind === "night")
    for (let i = 0; i < 30; i++)
      parts.push(
        oval(
          random.uniform(0, width),
          random.uniform(0, horizon),
          0.6,
          0.6,
          "#ffffff",
          random.uniform(0.3, 0.9),
        ),
      );
  if (!light.raining && light.kind !== "overcast" && random.chance(0.5))
    parts.push(disc(random, camera, light));
  const clouds = light.kind === "overcast" ? 5 : random.integer(4);
  for (let i = 0; i < clouds; i++) parts.push(cloud(random, camera, light));
  return parts.join("");
}

/** Sun or moon with its glow. */
function disc(random: Random, { width, horizon }: Camera, light: Light): string {
  const low = light.kind === "golden" || light.kind === "dusk";
  const x = random.uniform(0.1, 0.9) * width;
  const y = horizon * (low ? random.uniform(0.55, 0.9) : random.uniform(0.1, 0.4));
  const radius = width * random.uniform(0.018, 0.035);
  const colour = css(light.kind === "night" ? hex("#eef0ff") : low ? hex("#fff0c0") : hex("#fffbe6"));
  return `<defs>${glow("disc", colour, 0.6)}</defs>${oval(x, y, radius * 4, radius * 4, "url(#disc)")}${oval(x, y, radius, radius, colour)}`;
}

function cloud(random: Random, { width, horizon }: Camera, light: Light): string {
  const x = random.uniform(0, width);
  const y = random.uniform(0.08, 0.6) * horizon;
  const size = width * random.uniform(0.04, 0.09);
  const colour = css(mix(light.skyBottom, white, light.lamps ? 0.08 : 0.6));
  return [-1.3, -0.5, 0.3, 1.1]
    .map((shift) =>
      oval(
        x + shift * size * random.uniform(0.8, 1.2),
        y + random.uniform(-0.1, 0.1) * size,
        size * random.uniform(0.6, 1),
        size * random.uniform(0.18, 0.34),
        colour,
        0.6,
      ),
    )
    .join("");
}
