import { lossCases } from "./loss-cases.ts";

// Prints the cases as JSON, for tools/golden/face_losses.py.
process.stdout.write(JSON.stringify(lossCases));
