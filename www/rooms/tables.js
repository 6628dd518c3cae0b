// Tables as text.

/**
 * A table as spreadsheets read it: one header line, decimal points, empty cells where there is no number.
 * @param {Record<string, ArrayLike<number | string | null>>} columns
 */
export function csv(columns) {
  const names = Object.keys(columns)
  const cell = value => (value === null || value === undefined || Number.isNaN(value) ? '' : String(value))
  const rows = Array.from({ length: columns[names[0]].length }, (_, row) => names.map(name => cell(columns[name][row])).join(','))
  return `${[names.join(','), ...rows].join('\n')}\n`
}
