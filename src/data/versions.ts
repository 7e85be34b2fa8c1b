import { groupBy } from "../core/index.ts";

/** What Roboflow puts behind the name of each version of a picture: `img7_jpg.rf.<32 hexadecimal digits>`. */
const VERSION = /\.rf\.[0-9a-f]{32}(?=\.|$)/i;

/** Groups of two or more samples that are versions of one picture, which an export of Roboflow holds changed in several ways. */
export function findVersions<Sample extends { readonly id: string }>(samples: readonly Sample[]): Sample[][] {
  const versions = samples.filter(({ id }) => VERSION.test(id));
  return groupBy(versions, ({ id }) => id.slice(0, id.search(VERSION))).filter(({ length }) => length > 1);
}
