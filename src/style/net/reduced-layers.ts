/** A layer of a net, and how much smaller than the picture what it looks at is: 1, 2, 4, 8 or 16. */
export interface ReducedLayer {
  layer: string;
  reduction: number;
}

/** What follows a layer's name where it looks at a smaller picture. */
const REDUCTION = /@(2|4|8|16)$/;

/** The parts of a name such as `stage3.1@2`: stage3.1 of the picture at half its size. */
export function reducedLayer(name: string): ReducedLayer {
  const reduction = Number(REDUCTION.exec(name)?.[1] ?? 1);
  return { layer: name.replace(REDUCTION, ""), reduction };
}

/** A layer's name where it looks at a picture that is so many times smaller. */
export function reducedName(layer: string, reduction: number): string {
  return reduction === 1 ? layer : `${layer}@${reduction}`;
}
