/** Pixels over which the picture is blurred again, along each axis. */
const REACH = 4;

/**
 * How blurred a grey picture is: little changes where a blurred picture is blurred once more (Crété-Roffet et al. 2007,
 * "The blur effect: perception and estimation with a new no-reference perceptual blur metric"). It does not depend on
 * contrast or brightness.
 *
 * @param grey `[height, width]`
 * @returns 0 (sharp) … 1 (blurred); 1 for a picture of one colour
 */
export function blurOf(grey: Float32Array, width: number, height: number): number {
  const shares = [
    keptAlong(grey, { lines: height, length: width, lineStep: width, step: 1 }),
    keptAlong(grey, { lines: width, length: height, lineStep: 1, step: width }),
  ].filter((share) => share !== undefined);
  return shares.length > 0 ? Math.max(...shares) : 1;
}

/** How a picture is read line by line. */
interface Lines {
  lines: number;
  length: number;
  lineStep: number;
  step: number;
}

/** The share of the variation between neighbours that stays when lines are blurred; none where nothing varies. */
function keptAlong(grey: Float32Array, { lines, length, lineStep, step }: Lines): number | undefined {
  let variation = 0;
  let lost = 0;
  for (let line = 0; line < lines; line++) {
    const at = (i: number) => grey[line * lineStep + Math.min(Math.max(i, 0), length - 1) * step];
    let sum = 0;
    for (let i = -REACH; i <= REACH; i++) sum += at(i);
    for (let i = 1; i < length; i++) {
      const before = sum;
      sum += at(i + REACH) - at(i - 1 - REACH);
      const change = Math.abs(at(i) - at(i - 1));
      variation += change;
      lost += Math.max(0, change - Math.abs(sum - before) / (2 * REACH + 1));
    }
  }
  return variation > 0 ? (variation - lost) / variation : undefined;
}
