// The graph for a route, put together from what the server tells of assets and of columns.

import { ApiError, getGraph } from "../core/api.js";
import { isColumnLevel } from "../core/kinds.js";

/**
 * `{base, nodes, edges}` for a route's asset, or null when there is no such asset. At column level the nodes are
 * columns and column processes, and beside them the tables and processes that they belong to.
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

// A column names its table by GUID only; the table's name is known from the graph one level above.
function merged(rows, above) {
  const wanted = new Set([rows.base, ...rows.nodes.map((node) => node.parent)]);
  const there = new Set(rows.nodes.map((node) => node.guid));
  const holders = above.nodes.filter((node) => wanted.has(node.guid) && !there.has(node.guid));
  return { ...rows, nodes: [...rows.nodes, ...holders] };
}
