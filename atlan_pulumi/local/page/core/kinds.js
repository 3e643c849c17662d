// The appearance of types: kind (its color is in the style sheet), icon, and order in the list.

const ICONS = {
  table: "M2 3.5h12v9H2zM2 6.5h12M6.5 6.5v6",
  view: "M1.5 8c3-5 10-5 13 0-3 5-10 5-13 0zM6 8a2 2 0 1 0 4 0 2 2 0 0 0-4 0",
  process: "M3 4.5h4.5l3 3.5-3 3.5H3l3-3.5zM10 4.5h.5L13.5 8l-3 3.5H10",
  column: "M3 3h2.5v10H3zM10.5 3H13v10h-2.5zM8 3v10",
  container: "M3 4.5c0-2.5 10-2.5 10 0v7c0 2.5-10 2.5-10 0zM3 4.5c0 2.5 10 2.5 10 0",
  job: "M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z",
  dashboard: "M2.5 13.5h11M4 11V7.5M8 11V3M12 11V5.5",
  file: "M4 1.5h5.5L12.5 4.5v10H4zM9.5 1.5v3h3",
  other: "M8 2l6 6-6 6-6-6z",
};

const LABELS = {
  table: "Table",
  view: "View",
  process: "Process",
  column: "Column",
  container: "Connection, database, schema",
  job: "Job or task",
  dashboard: "Report or dashboard",
  file: "File, object or topic",
  other: "Other asset",
};

// The first matching pattern wins, so exact names come first.
const PATTERNS = [
  [/Process$/, "process"],
  [/^(Table|TablePartition|SnowflakeDynamicTable)$/, "table"],
  [/View$/, "view"],
  [/Column$|Field$/, "column"],
  [/^(Connection|Database|Schema)$/, "container"],
  [/^(Airflow|Spark|Adf|Fabric|Matillion|Fivetran|Flow)|Job$|Task$|Dag$|Pipeline$/, "job"],
  [/^(Tableau|PowerBI|Looker|Metabase|Mode|Sigma|Qlik|Superset|QuickSight|Preset|Thoughtspot|Redash)/, "dashboard"],
  [/^(S3|GCS|ADLS|Kafka|AzureEventHub|File)/, "file"],
];

const FIRST = ["Process", "Table", "View", "MaterialisedView"];
const LAST = ["ColumnProcess", "Column", "Schema", "Database", "Connection"];

/** The kind of a typeName, the key of colors, icons, and labels. */
export function kindOf(typeName) {
  return PATTERNS.find(([pattern]) => pattern.test(typeName))?.[1] ?? "other";
}

/** The path data of the icon of a kind, for strokes in a 16 × 16 box. */
export function iconPath(kind) {
  return ICONS[kind];
}

export function kindLabel(kind) {
  return LABELS[kind];
}

/** Whether the lineage of this type is at column level. */
export function isColumnLevel(typeName) {
  return typeName === "Column" || typeName === "ColumnProcess" || typeName === "DbtColumnProcess";
}

/** Whether the section of this type is expanded by default. */
export function isUnfolded(typeName) {
  return !LAST.includes(typeName);
}

/** Compares typeNames: types with lineage first, containers last. */
export function byInterest(left, right) {
  return rank(left) - rank(right) || left.localeCompare(right);
}

function rank(typeName) {
  if (FIRST.includes(typeName)) return FIRST.indexOf(typeName);
  if (LAST.includes(typeName)) return FIRST.length + 1 + LAST.indexOf(typeName);
  return FIRST.length;
}
