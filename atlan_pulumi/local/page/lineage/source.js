// Load the graph of a route, and combine the levels of assets and columns.

import { ApiError, getGraph } from "../core/api.js";
import { isColumnLevel } from "../core/kinds.js";

/**
 * `{base, nodes, edges}` of the asset of a route, or null if it does not exist. At column level, the nodes are
 * columns and column processes, with their tables and processes.
 */
export async function graphFor({ guid, level, depth }) {
  try {
    const own = await getGraph({ guid, depth, columns: false });
    const base = own.nodes.find((node) => node.guid === own.base);
    if (isColumnLevel(base.typeName)) return await withHolders(own, base.parent, depth);
    if (level === "table") return own;
    return merged(await getGraph({ guid, depth, columns: true }), own);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

async function withHolders(rows, parent, depth) {
  return parent ? merged(rows, await getGraph({ guid: parent, depth, columns: false })) : rows;
}

// A column has only the GUID of its table. The graph one level above has the name.
function merged(rows, above) {
  const wanted = new Set([rows.base, ...rows.nodes.map((node) => node.parent)]);
  const there = new Set(rows.nodes.map((node) => node.guid));
  const holders = above.nodes.filter((node) => wanted.has(node.guid) && !there.has(node.guid));
  return { ...rows, nodes: [...rows.nodes, ...holders] };
}
