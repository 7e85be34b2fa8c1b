import { activationCases } from "./cases/activations.ts";
import { arithmeticCases } from "./cases/arithmetic.ts";
import { convolutionCases } from "./cases/convolution.ts";
import { elementwiseCases } from "./cases/elementwise.ts";
import { indexingCases } from "./cases/indexing.ts";
import { layoutCases } from "./cases/layout.ts";
import { matrixCases } from "./cases/matrices.ts";
import { normalizationCases } from "./cases/normalization.ts";
import { poolingCases } from "./cases/pooling.ts";
import { reductionCases } from "./cases/reductions.ts";
import { resizingCases } from "./cases/resizing.ts";
import { slicingCases } from "./cases/slicing.ts";
import { trigonometryCases } from "./cases/trigonometry.ts";
import type { OperatorCase } from "./operator-case.ts";

/** Every operator, in the dimensions and with the attributes that take different paths. */
export const operatorCases: readonly OperatorCase[] = [
  ...convolutionCases,
  ...poolingCases,
  ...normalizationCases,
  ...matrixCases,
  ...arithmeticCases,
  ...elementwiseCases,
  ...activationCases,
  ...trigonometryCases,
  ...reductionCases,
  ...layoutCases,
  ...slicingCases,
  ...indexingCases,
  ...resizingCases,
];
