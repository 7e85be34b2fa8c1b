import { resolve } from "node:path";
import { FoveaError } from "../../core/index.ts";
import type { FaceAlignment } from "../chip.ts";
import { areCutOut, type NotedFaces, samplePictures } from "./find-faces.ts";
import { type FaceRecipeOptions, makeFaceRecipe } from "./make-recipe.ts";
import type { People, PeopleOptions } from "./people.ts";
import type { EncoderStart, FaceRecipe } from "./recipe.ts";
import { chooseStart, type StartOptions } from "./start.ts";
import { openTrainedEncoder, type TrainedEncoder } from "./trained-encoder.ts";

/**
 * How faces are cut out: "face" finds and aligns them with the ready finder; "none" takes pictures whole, for those that
 * are cut out already; "auto" looks at some of the pictures.
 */
export type FaceCrop = "auto" | "face" | "none";

/** What a user chose. */
export interface RecipeChoice extends FaceRecipeOptions, StartOptions, PeopleOptions {
  crop?: FaceCrop;
  onConvert?: (name: string) => void;
}

/** The recipe for people, after a look at their pictures. @throws FoveaError what {@link makeFaceRecipe} and {@link chooseStart} throw */
export async function chooseRecipe(
  people: People,
  choice: RecipeChoice,
  noted: NotedFaces,
): Promise<FaceRecipe> {
  const { loss = "triplet", crop = "auto", onConvert, val, valPeople } = choice;
  const chosen = await chooseStart(choice, loss);
  const trained = chosen.kind === "encoder" ? await openTrainedEncoder(chosen.source, onConvert) : undefined;
  const start: EncoderStart =
    chosen.kind === "encoder" && trained ? { ...chosen, digest: trained.digest } : chosen;
  const known = {
    train: people.train,
    start,
    held: { ...(val && { folder: resolve(val) }), share: valPeople ?? 0.2 },
    fixed: trained,
  };
  // What is wrong whatever the pictures show is refused before they are looked at.
  makeFaceRecipe({ ...known, alignment: "none", pictureSide: 0, grey: false }, choice);
  const sample = await samplePictures(people.train.flatMap(({ pictures }) => pictures));
  const alignment =
    chosen.kind === "encoder" && trained && chosen.layers === 0
      ? ownAlignment(crop, trained, chosen.source)
      : await alignmentOf(crop, trained, () => areCutOut(sample, noted));
  return makeFaceRecipe({ ...known, alignment, pictureSide: sample.side, grey: sample.grey }, choice);
}

/** A head alone is used on what its encoder makes of faces, who cuts them out its own way. @throws `argument-range` */
function ownAlignment(crop: FaceCrop, { alignment }: TrainedEncoder, source: string): FaceAlignment {
  const own = alignment === "dlib" ? "face" : "none";
  if (crop === "auto" || crop === own) return alignment;
  throw new FoveaError(
    "argument-range",
    `Encoder "${source}", which stays as it is, ${own === "face" ? "finds and aligns faces" : "takes pictures whole"}, and the head will judge such encodings only: leave --crop ${crop} out.`,
  );
}

/** An encoder that learns on from whole pictures goes on with them. */
async function alignmentOf(
  crop: FaceCrop,
  trained: TrainedEncoder | undefined,
  areCutOut: () => Promise<boolean>,
): Promise<FaceAlignment> {
  if (crop !== "auto") return crop === "face" ? "dlib" : "none";
  if (trained?.alignment === "none") return "none";
  return (await areCutOut()) ? "none" : "dlib";
}
