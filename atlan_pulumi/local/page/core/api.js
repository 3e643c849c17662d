// The two read-only endpoints of the local Atlan that the page lives on.

/** An answer that is not 200; `status` is 0 when nothing answered. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** `{counts, total, assets}`: a page of the assets of one type (or all) whose name or qualifiedName has `q`. */
export function getAssets({ type = "", q = "", offset = 0, limit = 200 } = {}) {
  return get("/_local/assets", { type, q, offset, limit });
}

/** `{base, nodes, edges}`: the lineage around an asset, `depth` steps up- and downstream. */
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
  if (!answer.ok) throw new ApiError(answer.status, `The local Atlan answered ${answer.status} to ${path}.`);
  return answer.json();
}
