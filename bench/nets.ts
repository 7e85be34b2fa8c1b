import { add, globalAveragePool, maxPool, relu, reshape, type Value } from "../src/graph/index.ts";
import { batchNorm, convolution, dense, type Scope } from "../src/nn/index.ts";

/** A classifier of the suite, as general as the field's own: sizes are small enough for two cores. */
export interface BenchNet {
  name: string;
  /** `[N, C, …]`. */
  input: readonly number[];
  classes: number;
  /** Logits `[N, classes]`. */
  build: (scope: Scope, x: Value) => Value;
}

interface UnitOptions {
  outChannels: number;
  kernelSize: number;
  stride?: number;
  groups?: number;
}

/** Convolution and batch norm. */
function normed(scope: Scope, x: Value, options: UnitOptions): Value {
  return batchNorm(scope.at("norm"), convolution(scope.at("conv"), x, options));
}

/** Convolution, batch norm, ReLU. */
function unit(scope: Scope, x: Value, options: UnitOptions): Value {
  return relu(normed(scope, x, options));
}

function head(scope: Scope, x: Value, classes: number): Value {
  const pooled = reshape(globalAveragePool(x), x.dims.slice(0, 2));
  return dense(scope.at("head"), pooled, { outFeatures: classes });
}

/** Seven convolutions to stride 32, as a small YOLO's trunk. */
function yoloTrunk(scope: Scope, x: Value): Value {
  const plan = [
    [16, 2],
    [32, 2],
    [64, 2],
    [64, 1],
    [128, 2],
    [128, 1],
    [256, 2],
  ];
  const features = plan.reduce(
    (y, [outChannels, stride], i) => unit(scope.at(i), y, { outChannels, kernelSize: 3, stride }),
    x,
  );
  return head(scope, features, 20);
}

/** ResNet-18 (He et al. 2016) as it is built for ImageNet. */
function resnet18(scope: Scope, x: Value): Value {
  let y = unit(scope.at("stem"), x, { outChannels: 64, kernelSize: 7, stride: 2 });
  y = maxPool(y, { kernelSize: 3, stride: 2, padding: 1 });
  for (const [stage, outChannels] of [64, 128, 256, 512].entries()) {
    for (const block of [0, 1]) {
      const part = scope.at(`stage${stage}.${block}`);
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const inner = unit(part.at("a"), y, { outChannels, kernelSize: 3, stride });
      const outer = normed(part.at("b"), inner, { outChannels, kernelSize: 3 });
      const short = stride === 1 ? y : normed(part.at("short"), y, { outChannels, kernelSize: 1, stride });
      y = relu(add(outer, short));
    }
  }
  return head(scope, y, 200);
}

/** VGG's pattern (Simonyan & Zisserman 2015), half as wide, without norms. */
function vgg(scope: Scope, x: Value): Value {
  let y = x;
  for (const [stage, outChannels] of [32, 64, 128, 256].entries()) {
    for (const i of [0, 1]) {
      const part = scope.at(`stage${stage}.${i}`);
      y = relu(convolution(part, y, { outChannels, kernelSize: 3, bias: true }));
    }
    y = maxPool(y, { kernelSize: 2 });
  }
  const flat = reshape(y, [y.dims[0], -1]);
  const hidden = relu(dense(scope.at("hidden"), flat, { outFeatures: 512 }));
  return dense(scope.at("head"), hidden, { outFeatures: 200 });
}

/** MobileNet (Howard et al. 2017), half as wide: depthwise and pointwise convolutions. */
function mobilenet(scope: Scope, x: Value): Value {
  const plan = [
    [32, 1],
    [64, 2],
    [64, 1],
    [128, 2],
    [128, 1],
    [256, 2],
    [256, 1],
    [256, 1],
    [512, 2],
  ];
  let y = unit(scope.at("stem"), x, { outChannels: 16, kernelSize: 3, stride: 2 });
  for (const [i, [outChannels, stride]] of plan.entries()) {
    const channels = y.dims[1];
    const part = scope.at(i);
    y = unit(part.at("depth"), y, { outChannels: channels, kernelSize: 3, stride, groups: channels });
    y = unit(part.at("point"), y, { outChannels, kernelSize: 1 });
  }
  return head(scope, y, 100);
}

/** The fully convolutional net for time series of Wang et al. 2017. */
function fcn(scope: Scope, x: Value): Value {
  const plan = [
    [128, 7],
    [256, 5],
    [128, 3],
  ];
  const features = plan.reduce(
    (y, [outChannels, kernelSize], i) => unit(scope.at(i), y, { outChannels, kernelSize }),
    x,
  );
  return head(scope, features, 2);
}

/** VoxNet (Maturana & Scherer 2015) with ReLU. */
function voxnet(scope: Scope, x: Value): Value {
  let y = relu(convolution(scope.at("a"), x, { outChannels: 32, kernelSize: 5, stride: 2, bias: true }));
  y = relu(convolution(scope.at("b"), y, { outChannels: 32, kernelSize: 3, bias: true }));
  y = maxPool(y, { kernelSize: 2 });
  const hidden = relu(dense(scope.at("hidden"), reshape(y, [y.dims[0], -1]), { outFeatures: 128 }));
  return dense(scope.at("head"), hidden, { outFeatures: 10 });
}

/** The suite, in one, two and three dimensions. */
export const benchNets: readonly BenchNet[] = [
  { name: "YOLO trunk 16×3×160²", input: [16, 3, 160, 160], classes: 20, build: yoloTrunk },
  { name: "ResNet-18 64×3×64²", input: [64, 3, 64, 64], classes: 200, build: resnet18 },
  { name: "VGG-like 64×3×64²", input: [64, 3, 64, 64], classes: 200, build: vgg },
  { name: "MobileNet-like 32×3×96²", input: [32, 3, 96, 96], classes: 100, build: mobilenet },
  { name: "FCN 16×1×140", input: [16, 1, 140], classes: 2, build: fcn },
  { name: "VoxNet 32×1×30³", input: [32, 1, 30, 30, 30], classes: 10, build: voxnet },
];
