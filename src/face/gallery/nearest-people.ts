import type { FaceSearch, GallerySearch, NearFace } from "./face-search.ts";

/** A person near a probe. */
export interface Match {
  name: string;
  /** Euclidean distance of the probe to the person's nearest face. */
  distance: number;
  /** The nearest face's number in the gallery. */
  face: number;
  /** The picture of the nearest face. */
  picture: { digest: string; source?: string };
}

/** The people near a probe, nearest first, and how they were found. */
export interface Identification {
  matches: Match[];
  search: GallerySearch;
  /** Encodings that the probe was compared with; with "hnsw", candidates of which the nearest were taken. */
  compared: number;
}

/** Faces that are asked for at first, for each person: people have several, which lie together. */
const FACES_EACH = 5;
/** By how much more is asked for where those were of too few people. */
const MORE = 8;

/** The nearest people to each probe. */
export async function nearestPeople(
  search: FaceSearch,
  probes: readonly Float32Array[],
  top: number,
): Promise<Identification[]> {
  const results: Identification[] = new Array(probes.length);
  let open = [...probes.keys()];
  for (let count = top > 1 ? FACES_EACH * top : top; open.length > 0; count *= MORE) {
    const found = await search.nearest(
      open.map((i) => probes[i]),
      count,
    );
    const left: number[] = [];
    for (const [k, i] of open.entries()) {
      const faces = found.faces[k];
      const matches = firstOfEach(faces);
      if (matches.length < top && faces.length === count) left.push(i);
      else results[i] = { matches: matches.slice(0, top), search: found.search, compared: found.compared };
    }
    open = left;
  }
  return results;
}

/** Each person's first face. */
function firstOfEach(faces: readonly NearFace[]): Match[] {
  const people = new Map<string, Match>();
  for (const { face, name, distance, digest, source } of faces) {
    if (people.has(name)) continue;
    people.set(name, { name, distance, face, picture: { digest, ...(source ? { source } : {}) } });
  }
  return [...people.values()];
}
