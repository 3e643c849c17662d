// The two read-only endpoints behind the page.

/** A response other than 200. `status` is 0 without a response. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** `{counts, total, assets}`: a page of the assets of a type (or of all) with `q` in name or qualifiedName. */
export function getAssets({ type = "", q = "", offset = 0, limit = 200 } = {}) {
  return get("/_local/assets", { type, q, offset, limit });
}

/** `{base, nodes, edges}`: the lineage of an asset, `depth` steps upstream and downstream. */
export function getGraph({ guid, depth, columns }) {
  return get("/_local/graph", { guid, depth, direction: "BOTH", columns });
}

async function get(path, parameters) {
  let answer;
  try {
    answer = await fetch(`${path}?${new URLSearchParams(parameters)}`, { cache: "no-store" });
  } catch {
    throw new ApiError(0, "The local Atlan does not answer. Is it still running?");
  }
  if (!answer.ok) throw new ApiError(answer.status, `The local Atlan responded with ${answer.status} to ${path}.`);
  return answer.json();
}
