export { FoveaError, messageOf } from "./errors.ts";
export { Random } from "./random.ts";
