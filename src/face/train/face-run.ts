import type { Ending, LoopNotes } from "../../train/index.ts";
import type { FaceEvaluation } from "./evaluate.ts";
import type { People } from "./people.ts";
import type { FaceRecipe } from "./recipe.ts";

/** A finished (or interrupted) training of an encoder or a head. */
export interface FaceRun {
  ending: Ending;
  /** Folder with the results. */
  out: string;
  /** Paths of the shipped files: encoders, or heads where only a head was trained. */
  best: string;
  last: string;
  /** Path of the best model's binary head, where one was trained. */
  head?: string;
  /** Figures on people never seen, before training; not where nobody is kept apart. */
  before?: FaceEvaluation;
  /** Those of the best model, and the path of the report; not after an interruption either. */
  evaluation?: FaceEvaluation;
  report?: string;
  recipe: FaceRecipe;
  people: People;
  notes: LoopNotes;
}
