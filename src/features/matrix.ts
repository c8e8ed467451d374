/** Features of a file's rows. */
export interface FeatureMatrix {
  /** Column names, in order. */
  names: string[];
  /** [rows, names.length], row-major; NaN = missing. */
  data: Float64Array;
  rows: number;
}
