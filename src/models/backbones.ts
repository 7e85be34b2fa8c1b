import type { PlainTrunk, ResidualTrunk, Trunk } from "./trunks/index.ts";

/** Few operations at strides 8, 16 and 32: for detection on a CPU. */
export const nanoTrunk: ResidualTrunk = {
  family: "residual",
  channels: [16, 32, 64, 128, 160],
  depths: [1, 2, 2, 1],
};

/** Half as wide again, and deeper. */
export const smallTrunk: ResidualTrunk = {
  family: "residual",
  channels: [24, 48, 96, 192, 256],
  depths: [1, 2, 3, 2],
};

/** Plain stacks from full resolution on: for style transfer and for looking inside. */
export const plainTrunk: PlainTrunk = {
  family: "plain",
  stages: [[32], [48, 48], [96, 96], [192, 192, 192], [320]],
};

/** The trunks by name: what nets of several tasks stand on, and what the shipped backbones are trained as. */
export const backboneTrunks: Readonly<Record<string, Trunk>> = {
  nano: nanoTrunk,
  small: smallTrunk,
  plain: plainTrunk,
};
