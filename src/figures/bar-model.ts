/** What a bar chart shows, before it has a size. */

/** A bar; its place in the slot is `column`, counted from the left. Bars of one column are stacked by low and high. */
export interface Bar {
  series: string;
  column: number;
  low: number;
  high: number;
  /** Printed over the bar. */
  over?: string;
}

/** The bars of one place on the axis, and the names under them, from the outermost group to the slot. */
export interface BarSlot {
  names: readonly string[];
  bars: readonly Bar[];
  /** Lines printed over the whole slot. */
  over?: readonly string[];
}

export interface Series {
  name: string;
  colour: string;
}

export interface BarChart {
  slots: readonly BarSlot[];
  series: readonly Series[];
  /** Bars side by side in a slot. */
  columns: number;
  valueTitle: string;
  /** What the names under the bars are. */
  namesTitle: string;
  /** Printed small over the frame. */
  note: string;
  /** Names the fields of a datum's names in the specification, as `names`. */
  nameFields: readonly string[];
}
