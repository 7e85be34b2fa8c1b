import { FoveaError } from "../../core/index.ts";

/** The function to minimise at a point. */
export interface Evaluation {
  loss: number;
  gradient: Float64Array | Float32Array;
}

/** Options of {@link lbfgs}. */
export interface LbfgsOptions {
  /** Most iterations. Default 100. */
  iterations?: number;
  /** Pairs of differences that stand for the curvature. Default 10. */
  memory?: number;
  /** Ends when no element of the gradient is larger. Default 1e-5. */
  gradientTolerance?: number;
  /** Ends when the loss falls by less than this share of itself. Default 1e-9. */
  lossTolerance?: number;
  /** Most evaluations of a line search. Default 20. */
  searchEvaluations?: number;
  /**
   * Length of the first step, along the gradient's direction, and of the first after the curvature that is remembered
   * has misled. Default 1.
   */
  firstStep?: number;
  signal?: AbortSignal;
  /** Told after each iteration; the point is the optimiser's own and changes later. */
  onIteration?: (step: LbfgsStep) => void;
}

/** Where the minimisation stands. */
export interface LbfgsStep {
  iteration: number;
  loss: number;
  /** Evaluations so far. */
  evaluations: number;
  point: Float64Array;
}

/** A point on the search line: x + t·d. */
interface Trial {
  t: number;
  loss: number;
  /** Derivative along the line. */
  slope: number;
  point: Float64Array;
  gradient: Float64Array;
}

/**
 * Minimises a smooth function of many numbers by L-BFGS (Nocedal & Wright 2006, algorithms 7.4 and 7.5) with a
 * line search that satisfies the strong Wolfe conditions (3.5, 3.6). The function need not be cheap: this
 * method takes few evaluations, each with its gradient.
 *
 * @param start The first point; not changed.
 * @param evaluate Loss and gradient at a point; the gradient is copied.
 * @returns the last point, its loss, iterations and evaluations
 * @throws FoveaError `loss-not-finite` where the loss or an element of the gradient at `start` is no finite number
 */
export async function lbfgs(
  start: ArrayLike<number>,
  evaluate: (point: Float64Array) => Evaluation | Promise<Evaluation>,
  options: LbfgsOptions = {},
): Promise<LbfgsStep> {
  const { iterations = 100, memory = 10, gradientTolerance = 1e-5, lossTolerance = 1e-9 } = options;
  let evaluations = 0;
  const at = async (point: Float64Array, direction: Float64Array, t: number): Promise<Trial> => {
    const moved = t === 0 ? point : point.map((x, i) => x + t * direction[i]);
    const { loss, gradient } = await evaluate(moved);
    evaluations++;
    const copy = Float64Array.from(gradient);
    return { t, loss, slope: dot(copy, direction), point: moved, gradient: copy };
  };
  const origin = Float64Array.from(start);
  let here = await at(origin, new Float64Array(origin.length), 0);
  const wrong = here.gradient.find((slope) => !Number.isFinite(slope));
  if (!Number.isFinite(here.loss) || wrong !== undefined) {
    const what = Number.isFinite(here.loss)
      ? `the gradient at the starting point has ${wrong}`
      : `the loss at the starting point is ${here.loss}`;
    throw new FoveaError("loss-not-finite", `lbfgs: ${what}; start where the function is defined.`);
  }
  const pairs: Pair[] = [];
  let iteration = 0;
  while (iteration < iterations && largest(here.gradient) > gradientTolerance && !options.signal?.aborted) {
    const direction = descent(here.gradient, pairs);
    const from: Trial = { ...here, t: 0, slope: dot(here.gradient, direction) };
    const firstLength =
      pairs.length > 0 ? 1 : (options.firstStep ?? 1) / Math.sqrt(dot(direction, direction));
    const next = await search(
      from,
      (t) => at(from.point, direction, t),
      firstLength,
      options.searchEvaluations ?? 20,
    );
    if (!next) {
      if (pairs.length === 0) break;
      pairs.length = 0; // the curvature that is remembered misleads: begin again along the gradient
      continue;
    }
    remember(pairs, here, next, memory);
    const fall = here.loss - next.loss;
    here = next;
    iteration++;
    options.onIteration?.({ iteration, loss: here.loss, evaluations, point: here.point });
    if (fall <= lossTolerance * Math.max(Math.abs(here.loss), 1e-300)) break;
  }
  return { iteration, loss: here.loss, evaluations, point: here.point };
}

/** A step s and the gradient's change y along it, with 1 / (s·y). */
interface Pair {
  s: Float64Array;
  y: Float64Array;
  rho: number;
}

function remember(pairs: Pair[], from: Trial, to: Trial, memory: number): void {
  const s = to.point.map((x, i) => x - from.point[i]);
  const y = to.gradient.map((g, i) => g - from.gradient[i]);
  const curvature = dot(s, y);
  if (curvature <= 1e-10 * dot(y, y)) return; // would not be a minimum's
  pairs.push({ s, y, rho: 1 / curvature });
  if (pairs.length > memory) pairs.shift();
}

/** −H·g by the two-loop recursion. */
function descent(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const q = gradient.map((g) => -g);
  const alphas = new Map<Pair, number>();
  for (const pair of pairs.toReversed()) {
    const alpha = pair.rho * dot(pair.s, q);
    alphas.set(pair, alpha);
    addScaled(q, pair.y, -alpha);
  }
  const last = pairs.at(-1);
  if (last) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    for (let i = 0; i < q.length; i++) q[i] *= scale;
  }
  for (const pair of pairs) addScaled(q, pair.s, alphas.get(pair)! - pair.rho * dot(pair.y, q));
  return q;
}

/** The loss must fall by this share of what the slope promises … */
const SUFFICIENT = 1e-4;
/** … and the slope must flatten to this share. */
const FLATTER = 0.9;

/** A point that satisfies the strong Wolfe conditions, or the best one found; undefined where none is better. */
async function search(
  from: Trial,
  at: (t: number) => Promise<Trial>,
  firstLength: number,
  most: number,
): Promise<Trial | undefined> {
  if (!(from.slope < 0)) return undefined;
  const falls = (trial: Trial) => trial.loss <= from.loss + SUFFICIENT * trial.t * from.slope;
  const flat = (trial: Trial) => Math.abs(trial.slope) <= -FLATTER * from.slope;
  let low = from;
  let high: Trial | undefined;
  let t = firstLength;
  for (let count = 0; count < most; count++) {
    const trial = await at(t);
    if (
      !(Number.isFinite(trial.loss) && Number.isFinite(trial.slope) && falls(trial)) ||
      (low.t > 0 && trial.loss >= low.loss)
    ) {
      high = trial;
    } else {
      if (flat(trial)) return trial;
      if (high ? trial.slope * (high.t - low.t) >= 0 : trial.slope >= 0) high = low;
      low = trial;
    }
    t = high ? between(low, high) : 2 * t;
  }
  return low.t > 0 ? low : undefined;
}

/** The minimum of the cubic through both losses and slopes (3.59), kept away from both ends; else the middle. */
function between(low: Trial, high: Trial): number {
  const width = high.t - low.t;
  const first = low.slope + high.slope - (3 * (high.loss - low.loss)) / width;
  const second = Math.sign(width) * Math.sqrt(first * first - low.slope * high.slope);
  const share = 1 - (high.slope + second - first) / (high.slope - low.slope + 2 * second);
  return low.t + width * (Number.isFinite(share) ? Math.min(0.9, Math.max(0.1, share)) : 0.5);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function addScaled(target: Float64Array, x: Float64Array, by: number): void {
  for (let i = 0; i < target.length; i++) target[i] += by * x[i];
}

function largest(x: Float64Array): number {
  let most = 0;
  for (const value of x) most = Math.max(most, Math.abs(value));
  return most;
}
