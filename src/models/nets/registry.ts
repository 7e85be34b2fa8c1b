import { FoveaError } from "../../core/index.ts";
import type { Value } from "../../graph/index.ts";
import type { Scope } from "../../nn/index.ts";
import { fcn } from "./fcn.ts";
import { classifierHead } from "./head.ts";
import { inceptionTime } from "./inception-time.ts";
import { mobileNet } from "./mobilenet.ts";
import { resNet } from "./resnet.ts";
import { seriesResNet } from "./series-resnet.ts";
import { vgg } from "./vgg.ts";
import { voxNet } from "./voxnet.ts";

/** What a net looks at: `[N, C, H, W]`, `[N, C, L]` or `[N, C, D, H, W]`. */
export type NetKind = "pictures" | "sequences" | "volumes";

/** A classifier that can be asked for by name. */
export interface ClassifierNet {
  /** One line for people who choose. */
  description: string;
  /** Logits `[N, classes]` of `[N, C, …]`. */
  build: (scope: Scope, x: Value, classes: number) => Value;
}

/** The classifiers on offer by kind of input and name; the first of each is the default. */
export const classifierNets: Readonly<Record<NetKind, Readonly<Record<string, ClassifierNet>>>> = {
  pictures: {
    resnet: {
      description: "ResNet-18, half as wide (He et al. 2016): the usual choice for pictures.",
      build: withHead((scope, x) => {
        const stem = { kernelSize: 3, stride: shortestSide(x) >= 48 ? 2 : 1, pool: shortestSide(x) >= 96 };
        const size = { channels: [32, 64, 128, 256], depths: [2, 2, 2, 2] };
        return resNet(scope, x, { ...size, stem, zeroLastGain: true }).at(-1)!;
      }),
    },
    vgg: {
      description:
        "VGG-11 with batch norm, half as wide (Simonyan & Zisserman 2015): plain, and slow above 64².",
      build: withHead((scope, x) => vgg(scope, x, [[32], [64], [128, 128], [256, 256], [256, 256]]).at(-1)!),
    },
    mobilenet: {
      description: "MobileNet, half as wide (Howard et al. 2017): the fewest operations.",
      build: withHead((scope, x) =>
        mobileNet(scope, x, { width: 0.5, stemStride: shortestSide(x) >= 96 ? 2 : 1 }),
      ),
    },
  },
  sequences: {
    fcn: {
      description: "Fully convolutional net (Wang et al. 2017): three convolutions, a strong baseline.",
      build: withHead((scope, x) => fcn(scope, x)),
    },
    resnet: {
      description: "Residual net for time series (Wang et al. 2017): nine convolutions.",
      build: withHead((scope, x) => seriesResNet(scope, x)),
    },
    "inception-time": {
      description: "InceptionTime, one net (Ismail Fawaz et al. 2020): sees the longest patterns.",
      build: withHead((scope, x) => inceptionTime(scope, x)),
    },
  },
  volumes: {
    voxnet: {
      description: "VoxNet (Maturana & Scherer 2015): small and fast, for volumes about 32³.",
      build: voxNet,
    },
    resnet: {
      description: "Small residual net in three dimensions (after He et al. 2016): for volumes of any size.",
      build: withHead((scope, x) => {
        const stem = { kernelSize: 3, stride: shortestSide(x) >= 24 ? 2 : 1, pool: shortestSide(x) >= 64 };
        const size = { channels: [16, 32, 64, 128], depths: [1, 1, 1, 1] };
        return resNet(scope, x, { ...size, stem, zeroLastGain: true }).at(-1)!;
      }),
    },
  },
};

/** The classifier of a name; throws `argument-range` where the kind has none of that name. */
export function netFor(kind: NetKind, name: string): ClassifierNet {
  const nets = classifierNets[kind];
  if (!Object.hasOwn(nets, name)) {
    throw new FoveaError(
      "argument-range",
      `Net "${name}" is not known for ${kind}; choose one of ${Object.keys(nets).join(", ")}.`,
    );
  }
  return nets[name];
}

/** A classifier of what makes a map. */
function withHead(features: (scope: Scope, x: Value) => Value): ClassifierNet["build"] {
  return (scope, x, classes) => classifierHead(scope.at("head"), features(scope.at("trunk"), x), classes);
}

/** Elements along the shortest spatial dimension: small inputs are halved less often. */
function shortestSide(x: Value): number {
  return Math.min(...x.dims.slice(2));
}
