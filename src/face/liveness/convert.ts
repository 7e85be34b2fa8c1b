import { packageVersion } from "../../core/index.ts";
import { compose, encodeModel, Graph, reshape, slice, type Value } from "../../graph/index.ts";
import {
  type CachedModel,
  type Convert,
  cachedModel,
  cardToMetadata,
  importTfjs,
  readTfjsModel,
  readyModels,
} from "../../models/index.ts";

/** What the file of a net that judges liveness says of itself. */
export interface LivenessCard {
  task: "liveness";
  /** Where the net comes from. */
  model: string;
  /** Side of its input in pixels. */
  side: number;
  version: string;
}

/** Sides of the two nets' inputs in pixels. */
export const LIVENESS_SIDES = { antispoof: 128, liveness: 32 } as const;

/** A net of the package: its input, and which of its outputs is the probability that the face is real. */
interface LivenessNet {
  model: string;
  side: number;
  input: string;
  probability: (outputs: Readonly<Record<string, Value>>) => Value;
}

const nets: Readonly<Record<string, LivenessNet>> = {
  antispoof: {
    model: "fake-face-detection",
    side: LIVENESS_SIDES.antispoof,
    input: "conv2d_input",
    probability: ({ activation_4 }) => reshape(activation_4, [1]),
  },
  liveness: {
    model: "livenessnet",
    side: LIVENESS_SIDES.liveness,
    input: "conv2d_1_input",
    probability: ({ activation_6 }) => reshape(slice(activation_6, 1, 0, 1), [1]),
  },
};

/** One face, `picture` `[1, 3, side, side]`, 0…1, in, and the `probability` `[1]` that it is real out. */
async function convert(name: string, file: string): Promise<Uint8Array> {
  const { model, side, input, probability } = nets[name];
  const imported = importTfjs(await readTfjsModel(file), {
    channelsFirst: true,
    shapes: { [input]: [1, side, side, 3] },
  });
  const picture = new Graph().input("picture", [1, 3, side, side]);
  const { outputs } = compose(imported.outputs, new Map([[imported.inputs[input], picture]]));
  const card: LivenessCard = { task: "liveness", model, side, version: packageVersion() };
  return encodeModel({ outputs: { probability: probability(outputs) }, metadata: cardToMetadata(card) });
}

/** A ready net's file, converted when it is first asked for; `onConvert` hears of it. */
export function openReadyLivenessNet(name: string, onConvert?: () => void): Promise<CachedModel> {
  const converter: Convert = ([file]) => convert(name, file);
  return cachedModel(readyModels.get(name)!, converter, onConvert);
}
