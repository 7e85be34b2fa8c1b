import { galleryContract, variants } from "./contract.ts";
import { emptyGallery } from "./new-gallery.ts";

for (const [title, options] of Object.entries(variants)) {
  galleryContract(`A gallery in a folder, ${title}`, options, async () => ({
    source: await emptyGallery({ encrypt: options.encrypt }),
  }));
}
