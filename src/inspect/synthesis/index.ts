export { type ColourSpace, colourSpaceOf } from "./colour-space.ts";
export { type Synthesised, type SynthesisOptions, synthesize, type Wish } from "./synthesize.ts";
