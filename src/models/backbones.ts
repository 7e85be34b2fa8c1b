import type { MobileTrunk, PlainTrunk, ResidualTrunk, Trunk } from "./trunks/index.ts";

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

/** That of the ready COCO detector, which other detectors may start from. */
export const mobileTrunk: MobileTrunk = {
  family: "mobile",
  stem: 16,
  blocks: [
    { kernel: 3, expanded: 16, channels: 16, stride: 1 },
    { kernel: 3, expanded: 64, channels: 24, stride: 2 },
    { kernel: 3, expanded: 72, channels: 24, stride: 1 },
    { kernel: 5, expanded: 72, channels: 32, stride: 2, gate: 24 },
    { kernel: 5, expanded: 96, channels: 32, stride: 1, gate: 24 },
    { kernel: 5, expanded: 96, channels: 32, stride: 1, gate: 24 },
    { kernel: 3, expanded: 192, channels: 64, stride: 2, hardSwish: true },
    { kernel: 3, expanded: 160, channels: 64, stride: 1, hardSwish: true },
    { kernel: 3, expanded: 144, channels: 64, stride: 1, hardSwish: true },
    { kernel: 3, expanded: 144, channels: 64, stride: 1, hardSwish: true },
    { kernel: 3, expanded: 384, channels: 88, stride: 1, gate: 96, hardSwish: true },
    { kernel: 3, expanded: 528, channels: 88, stride: 1, gate: 136, hardSwish: true },
    { kernel: 5, expanded: 528, channels: 120, stride: 2, gate: 136, hardSwish: true },
    { kernel: 5, expanded: 720, channels: 120, stride: 1, gate: 184, hardSwish: true },
    { kernel: 5, expanded: 720, channels: 120, stride: 1, gate: 184, hardSwish: true },
  ],
};

/** The trunks by name: what nets of several tasks stand on, and what the shipped backbones are trained as. */
export const backboneTrunks: Readonly<Record<string, Trunk>> = {
  nano: nanoTrunk,
  small: smallTrunk,
  plain: plainTrunk,
  mobile: mobileTrunk,
};
