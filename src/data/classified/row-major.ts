import type { Elements } from "./elements.ts";

/** Elements of an array whose first axis runs fastest (Fortran order), arranged so that the last one does. */
export function toRowMajor<T extends Elements>(elements: T, shape: readonly number[]): T {
  if (shape.filter((dim) => dim > 1).length < 2) return elements;
  const arranged = elements.slice() as T;
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, dim) => product * dim, 1));
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < elements.length; to++) {
    arranged[to] = elements[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return arranged;
}
