import { FoveaError, sizeOf } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { broadcast, type Shape } from "../shape.ts";
import { mul } from "./arithmetic.ts";
import { requireSameType } from "./element-types.ts";
import { sumTo } from "./reduction.ts";
import { reshape, transpose } from "./reshape.ts";

/** Matrix product over the last two axes; the axes before them broadcast. */
export const MatMul: Operator = {
  opType: "MatMul",
  infer({ inputs: [a, b] }) {
    requireSameType("MatMul", [a, b]);
    requireMatrices("MatMul", a!.shape, b!.shape);
    const lead = broadcast("MatMul", a!.shape.slice(0, -2), b!.shape.slice(0, -2));
    return [{ dtype: a!.dtype, shape: [...lead, a!.shape.at(-2)!, b!.shape.at(-1)!] }];
  },
  flops: ({ inputs: [a], outputs: [y] }) => 2 * sizeOf(y.dims) * a!.dims.at(-1)!,
  gradient: ({ inputs: [a, b], cotangents: [dy], wanted }) => [
    wanted[0] ? sumTo(matmul(dy!, transposeLast(b)), a.shape) : undefined, // dA = dY·Bᵀ
    wanted[1] ? sumTo(matmul(transposeLast(a), dy!), b.shape) : undefined, // dB = Aᵀ·dY
  ],
};

function requireMatrices(opType: string, a: Shape, b: Shape): void {
  if (a.length < 2 || b.length < 2 || a.at(-1) !== b.at(-2)) {
    throw new FoveaError(
      "shape-mismatch",
      `${opType}: shapes [${a}] and [${b}] do not multiply: ${a.at(-1)} columns against ${b.at(-2)} rows.`,
    );
  }
}

/** Matrix product of the last two axes; a vector is a row on the left, a column on the right, and leaves no axis. */
export function matmul(a: Value, b: Value): Value {
  if (a.rank === 1) {
    const product = matmul(reshape(a, [1, ...a.shape]), b);
    return reshape(product, b.rank === 1 ? [] : product.shape.toSpliced(-2, 1));
  }
  if (b.rank === 1) {
    const product = matmul(a, reshape(b, [...b.shape, 1]));
    return reshape(product, product.shape.slice(0, -1));
  }
  return a.graph.apply(MatMul, [a, b])[0];
}

/** Swaps the last two axes. */
export function transposeLast(x: Value): Value {
  const order = x.shape.map((_, i) => i);
  return transpose(x, [...order.slice(0, -2), x.rank - 1, x.rank - 2]);
}

/** α·A′·B′ + β·C, where A′ and B′ may be transposed. */
export const Gemm: Operator = {
  opType: "Gemm",
  floats: ["alpha", "beta"],
  infer({ inputs: [a, b, c], attributes }) {
    requireSameType("Gemm", [a, b, c]);
    const left = attributes.transA ? [...a!.shape].reverse() : a!.shape;
    const right = attributes.transB ? [...b!.shape].reverse() : b!.shape;
    requireMatrices("Gemm", left, right);
    return [{ dtype: a!.dtype, shape: [left[0], right[1]] }];
  },
  flops: ({ inputs: [a], outputs: [y], attributes }) =>
    2 * sizeOf(y.dims) * a!.dims[attributes.transA ? 0 : 1],
  gradient({ node, inputs: [a, b, c], cotangents: [dy], wanted }) {
    const { transA, transB, alpha = 1, beta = 1 } = node.attributes as Record<string, number | undefined>;
    const scaled = (x: Value, by: number) => (by === 1 ? x : mul(x, by));
    const dA = () => (transA ? gemm(b, dy!, !!transB, true) : gemm(dy!, b, false, !transB));
    const dB = () => (transB ? gemm(dy!, a, true, !!transA) : gemm(a, dy!, !transA, false));
    return [
      wanted[0] ? scaled(dA(), alpha) : undefined,
      wanted[1] ? scaled(dB(), alpha) : undefined,
      wanted[2] ? scaled(sumTo(dy!, c.shape), beta) : undefined,
    ];
  },
};

/** A′·B′ + c for matrices, each transposed first where asked. */
export function gemm(a: Value, b: Value, transA = false, transB = false, c?: Value): Value {
  return a.graph.apply(Gemm, [a, b, c], { transA: transA ? 1 : 0, transB: transB ? 1 : 0 })[0];
}
