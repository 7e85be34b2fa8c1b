import { FoveaError } from "../../core/index.ts";
import type { AugmentOptions } from "../../data/index.ts";
import type { FaceAlignment } from "../chip.ts";
import type { BinaryHead } from "./binary-head.ts";
import { type MiningName, miners } from "./mining/index.ts";
import type { Person } from "./people.ts";
import { requirePeople } from "./person-batches.ts";
import type { EncoderStart, FaceLoss, FaceRecipe } from "./recipe.ts";

/** What a user may choose; the rest follows from the data. */
export interface FaceRecipeOptions {
  /** Default "triplet". */
  loss?: FaceLoss;
  /** How triplets are chosen; default "semi-hard". */
  mining?: MiningName;
  /** By how much a negative's squared distance shall exceed the positive's; default .2. */
  margin?: number;
  /** People in a batch; default 16, or as many as there are. */
  people?: number;
  /** Pictures of each; default 4. */
  pictures?: number;
  /** Length of the encodings; default 128. */
  size?: number;
  /** Whether encodings have length 1; default true. */
  normalize?: boolean;
  /** Side of the input in pixels, a multiple of 32; default 64 where the pictures are small, else 96. */
  side?: number;
  /** Changes to how pictures are varied; `null` for not at all. */
  augment?: AugmentOptions | null;
  seed?: number;
  learningRate?: number;
  weightDecay?: number;
}

/** What the data and the start decide. */
export interface FaceRecipeBasis {
  train: readonly Person[];
  start: EncoderStart;
  alignment: FaceAlignment;
  /** Median of the pictures' longer sides, in pixels. */
  pictureSide: number;
  grey: boolean;
  held: FaceRecipe["held"];
  /** What a trained encoder fixes. */
  fixed?: Pick<FaceRecipe, "side" | "size" | "normalized">;
}

/** Faces are mirrored, turned a little, and seen in other light; where they lie is known well. */
const defaultAugment: AugmentOptions = {
  flipHorizontal: 0.5,
  scale: [0.9, 1.1],
  aspect: 1.06,
  translate: 0.05,
  rotate: 8,
  hue: 4,
  saturation: [0.7, 1.3],
  brightness: [0.8, 1.2],
  contrast: [0.8, 1.25],
  grey: 0.1,
  blur: 0.1,
};

/** Highest learning rate of what is new, and of a trained encoder's last layers where nothing else learns. */
const NEW_RATE = 2e-3;
const TRAINED_RATE = 2e-5;

/** Epochs in which the learning rate rises, at most 50 steps. */
const WARM_UP = 2;

/** The recipe for people, with a user's choices. @throws FoveaError `argument-range` */
export function makeFaceRecipe(basis: FaceRecipeBasis, options: FaceRecipeOptions = {}): FaceRecipe {
  const { start, alignment, grey, held, fixed, train } = basis;
  const { loss = "triplet", mining = "semi-hard", margin = 0.2, seed = 0 } = options;
  const { pictureSide } = basis;
  const side = fixed?.side ?? options.side ?? (pictureSide <= 128 ? 64 : 96);
  const size = fixed?.size ?? options.size ?? 128;
  const normalized = fixed?.normalized ?? options.normalize ?? true;
  const paired = train.filter((person) => person.pictures.length > 1);
  const total = paired.reduce((sum, person) => sum + person.pictures.length, 0);
  const { people = Math.min(16, paired.length), pictures = 4 } = options;
  const recipe: FaceRecipe = {
    loss,
    mining,
    margin,
    people,
    pictures,
    start,
    size,
    normalized,
    ...(loss !== "triplet" && { head: headFor(loss, { start, size, normalized }) }),
    side,
    grey,
    alignment,
    augment: options.augment === null ? null : { ...defaultAugment, ...options.augment },
    held,
    seed,
    learningRate:
      options.learningRate ?? (start.kind === "encoder" && loss === "triplet" ? TRAINED_RATE : NEW_RATE),
    weightDecay: options.weightDecay ?? (start.kind === "encoder" ? 0 : 0.05),
    warmUpSteps: Math.min(50, Math.ceil((WARM_UP * total) / (people * pictures))),
    averageDecay: 0.99,
    clipNorm: 10,
  };
  requireSound(recipe, fixed, options);
  requirePeople(people, paired.length);
  return recipe;
}

function headFor(
  loss: FaceLoss,
  { start, size, normalized }: Pick<FaceRecipe, "start" | "size" | "normalized">,
): BinaryHead {
  return {
    form: loss === "binary" ? "difference" : "chi2",
    split: loss === "binary-chi2" && start.kind === "encoder",
    // Of random points on the sphere, the numbers differ by about 1 / √size.
    scale: normalized ? Math.sqrt(size) : 1,
  };
}

/** @throws `argument-range` */
function requireSound(recipe: FaceRecipe, fixed: FaceRecipeBasis["fixed"], options: FaceRecipeOptions): void {
  const { side, size, margin, mining, normalized, loss } = recipe;
  const wrong =
    (!fixed &&
      !(Number.isInteger(side) && side >= 32 && side % 32 === 0) &&
      `Input side ${side} must be a positive multiple of 32, for example 64 or 96`) ||
    (!(Number.isInteger(size) && size >= 4) &&
      `Encoding size ${size} must be a whole number of at least 4`) ||
    (fixed &&
      options.size !== undefined &&
      options.size !== fixed.size &&
      `Encoding size ${options.size} cannot be had of an encoder of ${fixed.size}: leave it out, or start from nothing`) ||
    (fixed &&
      options.side !== undefined &&
      options.side !== fixed.side &&
      `Input side ${options.side} cannot be had of an encoder that takes ${fixed.side} pixels: leave it out, or start from nothing`) ||
    (fixed?.normalized &&
      options.normalize === false &&
      "Encodings of this encoder have length 1, and learn on so: leave --no-normalize out, or start from nothing") ||
    (!(margin > 0) && `Margin ${margin} must be above 0: without one, equal encodings would have no loss`) ||
    (!Object.hasOwn(miners, mining) &&
      `Mining "${mining}" is not known; choose one of ${Object.keys(miners).join(", ")}`) ||
    (loss === "triplet" &&
      mining === "distance-weighted" &&
      !normalized &&
      'Mining "distance-weighted" weighs by distances on the unit sphere: let encodings have length 1, or choose another');
  if (wrong) throw new FoveaError("argument-range", `${wrong}.`);
}
