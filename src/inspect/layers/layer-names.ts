import type { Node, Value } from "../../graph/index.ts";

/** What exporters append to a layer's name for its filters. */
const FILTERS =
  /([./_:]conv)?[./_:]?((Conv2D_|separable_conv2d_|depthwise_)?(weights?|kernel|filters?)|W|w)(:0)?$/;

/** Names that exporters number their tensors by: they say nothing. */
const NUMBERED = /^(onnx::.*|constant_\d+|[A-Z][A-Za-z]*_\d+|\d+)$/;

/** What the file calls a convolution: by its filters' name, or by its result's. */
export function nameOfConvolution({ inputs, outputs: [output] }: Node): string {
  const filters = constantBehind(inputs[1]!)?.name ?? "";
  const name = filters.replace(FILTERS, "");
  return name === "" || name === filters || NUMBERED.test(name) ? output.name : name;
}

/** The constant that a tensor is made of, through what changes its type or shape. */
export function constantBehind(value: Value): Value | undefined {
  let at: Value | undefined = value;
  while (at && !at.constant) at = at.producer?.inputs[0];
  return at;
}

/** Names without the words that all of them begin with. */
export function withoutCommonStart(names: readonly string[]): string[] {
  const parts = names.map((name) => name.split(/(?<=[./])/));
  let common = 0;
  const shortest = Math.min(...parts.map(({ length }) => length));
  while (common < shortest - 1 && parts.every((each) => each[common] === parts[0][common])) common++;
  return parts.map((each) => each.slice(common).join(""));
}
