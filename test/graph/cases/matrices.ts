import { Gemm, gemm, matmul } from "../../../src/graph/index.ts";
import { uniform } from "../draw.ts";
import type { OperatorCase } from "../operator-case.ts";

function matmulCase(name: string, a: readonly number[], b: readonly number[]): OperatorCase {
  return {
    name: `MatMul ${name}`,
    inputs: { a: uniform(a), b: uniform(b) },
    build: ({ a, b }) => matmul(a, b),
  };
}

function gemmCase(transA: boolean, transB: boolean, c: readonly number[] | undefined): OperatorCase {
  return {
    name: `Gemm A${transA ? "ᵀ" : ""}·B${transB ? "ᵀ" : ""}${c ? ` + C [${c}]` : ""}`,
    inputs: {
      a: uniform(transA ? [4, 3] : [3, 4]),
      b: uniform(transB ? [5, 4] : [4, 5]),
      ...(c ? { c: uniform(c) } : {}),
    },
    build: ({ a, b, c }) => gemm(a, b, transA, transB, c),
  };
}

const flags = [
  [false, false],
  [false, true],
  [true, false],
  [true, true],
] as const;

export const matrixCases: readonly OperatorCase[] = [
  matmulCase("of matrices", [3, 4], [4, 2]),
  matmulCase("batched", [2, 3, 4], [2, 4, 2]),
  matmulCase("batched by a matrix", [2, 3, 4], [4, 2]),
  matmulCase("a matrix by a batch", [3, 4], [2, 4, 2]),
  matmulCase("broadcast both ways", [2, 1, 3, 2], [1, 3, 2, 2]),
  matmulCase("row by column", [1, 5], [5, 1]),
  ...flags.map(([transA, transB]) => gemmCase(transA, transB, undefined)),
  ...flags.map(([transA, transB]) => gemmCase(transA, transB, [5])),
  gemmCase(false, false, [3, 1]),
  gemmCase(false, true, [3, 5]),
  gemmCase(false, false, [1]),
  gemmCase(false, false, []),
  ...flags.map(
    ([transA, transB]): OperatorCase => ({
      name: `Gemm alpha 0.5, beta −2, transA ${transA}, transB ${transB}`,
      inputs: {
        a: uniform(transA ? [4, 2] : [2, 4]),
        b: uniform(transB ? [3, 4] : [4, 3]),
        c: uniform([1, 3]),
      },
      build: ({ a, b, c }) =>
        a.graph.apply(Gemm, [a, b, c], {
          alpha: 0.5,
          beta: -2,
          transA: transA ? 1 : 0,
          transB: transB ? 1 : 0,
        })[0],
    }),
  ),
];
