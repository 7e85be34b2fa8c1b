/** Opens a gallery and keeps it open: what a test finds locked, and kills. */
import { Gallery } from "../../../src/face/gallery/index.ts";
import { encoder } from "./people-of-tests.ts";

const gallery = await Gallery.open(process.argv[2], { encoder });
process.stdout.write("open\n");
setInterval(() => gallery.stats(), 60_000);
