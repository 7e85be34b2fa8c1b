import { sizeOf, tensor } from "../../../core/index.ts";
import { add, gather, reshape, transpose, type Value } from "../../../graph/index.ts";

/**
 * Slices along `axis`, each member of a batch at indices of its own: of x `[B…, O…, D, I…]` and indices `[B…, J…]` the
 * result is `[B…, O…, J…, I…]`. ONNX's Gather knows no batches, so that they are laid behind each other.
 *
 * @param batch number of the axes B, from 1 to `axis`
 */
export function batchGather(x: Value, indices: Value, axis: number, batch: number): Value {
  const { dims } = x;
  const [batches, outer, inner] = [dims.slice(0, batch), dims.slice(batch, axis), dims.slice(axis + 1)];
  const picked = indices.dims.slice(batch);
  const [b, o, d, i, j] = [sizeOf(batches), sizeOf(outer), dims[axis], sizeOf(inner), sizeOf(picked)];
  const rows = reshape(transpose(reshape(x, [b, o, d, i]), [0, 2, 1, 3]), [b * d, o * i]);
  const starts = Array.from({ length: b }, (_, member) => member * d);
  const places = add(reshape(indices, [b, j]), x.graph.constant(tensor(starts, [b, 1], indices.dtype)));
  const found = reshape(gather(rows, reshape(places, [b * j]), 0), [b, j, o, i]);
  return reshape(transpose(found, [0, 2, 1, 3]), [...batches, ...outer, ...picked, ...inner]);
}
