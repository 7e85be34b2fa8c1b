export { isAddress, urlOf } from "./address.ts";
export { type PulledModel, type PullOptions, pullModel } from "./download.ts";
