import { add, concat, maxPool, relu, type Value } from "../../graph/index.ts";
import { batchNorm, convolution, type Scope } from "../../nn/index.ts";
import { normed } from "../unit.ts";

/** Options of {@link inceptionTime}; the defaults are the paper's. */
export interface InceptionTimeOptions {
  /** Modules in a row; default 6. */
  depth?: number;
  /** Channels of each of a module's branches; default 32. */
  filters?: number;
  /** Channels to which a module first reduces its input; default 32. */
  bottleneck?: number;
  /** Lengths of a module's convolutions, odd; default 39, 19, 9. */
  kernelSizes?: readonly number[];
}

/** Modules between shortcuts. */
const RESIDUAL_EVERY = 3;

/**
 * One net of the ensemble InceptionTime (Ismail Fawaz et al. 2020): modules of convolutions of several lengths at full
 * resolution, with a shortcut around every three. `[N, C, …]` → `[N, 4 · filters, …]` of the same size.
 */
export function inceptionTime(scope: Scope, x: Value, options: InceptionTimeOptions = {}): Value {
  const { depth = 6, filters = 32, bottleneck = 32, kernelSizes = [39, 19, 9] } = options;
  let y = x;
  let behind = x;
  for (let i = 0; i < depth; i++) {
    y = inceptionModule(scope.at(i), y, { filters, bottleneck, kernelSizes });
    if (i % RESIDUAL_EVERY !== RESIDUAL_EVERY - 1) continue;
    const short = normed(scope.at(i).at("short"), behind, { outChannels: y.dims[1], kernelSize: 1 });
    y = relu(add(y, short));
    behind = y;
  }
  return y;
}

/** Convolutions of several lengths over a bottleneck, and one of the maxima of neighbours, side by side. */
function inceptionModule(
  scope: Scope,
  x: Value,
  { filters, bottleneck, kernelSizes }: Required<Omit<InceptionTimeOptions, "depth">>,
): Value {
  const narrow = // a single channel is narrow enough
    x.dims[1] > 1 ? convolution(scope.at("bottleneck"), x, { outChannels: bottleneck, kernelSize: 1 }) : x;
  const branches = kernelSizes.map((kernelSize, i) =>
    convolution(scope.at("branch").at(i), narrow, { outChannels: filters, kernelSize }),
  );
  const maxima = maxPool(x, { kernelSize: 3, stride: 1, padding: 1 });
  branches.push(convolution(scope.at("branch").at("pool"), maxima, { outChannels: filters, kernelSize: 1 }));
  return relu(batchNorm(scope.at("norm"), concat(branches, 1)));
}
