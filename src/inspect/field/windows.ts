import {
  type Attributes,
  convGeometry,
  type Node,
  resolvePads,
  transposedGeometry,
  type Value,
} from "../../graph/index.ts";
import { collapse, type EvenSpans, regroup, type Track } from "./track.ts";

/** A moving window along one axis. */
interface Window {
  kernel: number;
  stride: number;
  dilation: number;
  begin: number;
}

/** What a convolution's or a pool's output sees, of what its input sees. */
export function throughWindow(node: Node, track: Track): Track {
  const [x] = node.inputs;
  const spatial = spatialAxis(track);
  if (spatial === undefined) return acrossChannels(track);
  const window = windowsOf(node, x!)[spatial];
  const taps = Array.from({ length: window.kernel }, (_, tap) => tap * window.dilation - window.begin);
  return regroup(
    track,
    track.axis,
    node.outputs[0].dims[track.axis!],
    (place) => taps.map((tap) => place * window.stride + tap),
    widened(track.even, window),
  );
}

/** The transpose: each input is spread over a window of outputs. */
export function throughTransposedWindow(node: Node, track: Track): Track {
  const [x, w] = node.inputs;
  const [y] = node.outputs;
  const spatial = spatialAxis(track);
  if (spatial === undefined) return acrossChannels(track);
  const { kernel, strides, dilations, begin } = transposedGeometry(x!, w!, node.attributes);
  const [size, stride] = [kernel[spatial], strides[spatial]];
  return regroup(track, track.axis, y.dims[track.axis!], function* (place) {
    for (let tap = 0; tap < size; tap++) {
      const source = (place + begin[spatial] - tap * dilations[spatial]) / stride;
      if (Number.isInteger(source)) yield source;
    }
  });
}

/** Which of the spatial dimensions the track runs along. */
function spatialAxis({ axis }: Track): number | undefined {
  return axis !== undefined && axis >= 2 ? axis - 2 : undefined;
}

/** Filters sum over all channels; the batch stays as it is. */
function acrossChannels(track: Track): Track {
  return track.axis === 0 ? track : collapse(track);
}

function windowsOf({ inputs, attributes }: Node, x: Value): Window[] {
  const w = inputs[1];
  if (w) {
    const { kernel, strides, dilations, begin } = convGeometry(x, w, attributes);
    return kernel.map((size, i) => {
      return { kernel: size, stride: strides[i], dilation: dilations[i], begin: begin[i] };
    });
  }
  return poolWindows(x, attributes);
}

function poolWindows(x: Value, attributes: Attributes): Window[] {
  const kernel = attributes.kernel_shape as readonly number[];
  const list = (name: string) => (attributes[name] as readonly number[] | undefined) ?? kernel.map(() => 1);
  const [strides, dilations] = [list("strides"), list("dilations")];
  const [begin] = resolvePads(x, kernel, strides, dilations, attributes);
  return kernel.map((size, i) => {
    return { kernel: size, stride: strides[i], dilation: dilations[i], begin: begin[i] };
  });
}

/** Araujo, Norris and Sim 2019, "Computing receptive fields of convolutional neural networks". */
function widened(
  even: EvenSpans | undefined,
  { kernel, stride, dilation, begin }: Window,
): EvenSpans | undefined {
  if (!even) return undefined;
  return {
    offset: even.offset - begin * even.stride,
    stride: even.stride * stride,
    size: even.size + (kernel - 1) * dilation * even.stride,
  };
}
