import { drawable, linesWidth, wrap } from './text.js';
import { fontSizes } from './theme.js';

/**
 * Where the bars of a chart stand and what is written under them. Slots (places of one or more bars) are grouped by
 * the outer levels of their names, as (model, storage, workers): equal neighbours share one label.
 */
export interface SlotSize {
  /** Names from the outermost group to the slot itself. All slots of a chart have as many. */
  names: readonly string[];
  /** Points that the slot needs for what is written over it. */
  minimumWidth: number;
}

export interface PlacedSlot {
  /** Points from the left end of the axis. */
  centre: number;
  width: number;
}

/** A label under the axis; its lines are at most as wide as what it spans. */
export interface SpanLabel {
  /** 0 = next to the axis. */
  level: number;
  lines: string[];
  centre: number;
  start: number;
  end: number;
}

export interface SlotLayout {
  slots: PlacedSlot[];
  labels: SpanLabel[];
}

/** Points between neighbouring groups, by how many levels of names are under them. */
const gaps = [0, 7, 16];
const widestSlot = 64;
const narrowestSlot = 14;
/** A word may be broken into lines, but is given this much room before that. */
const breakableWidth = 44;
const labelMargin = 4;
const maximumLabelLines = 4;

interface Group {
  name: string;
  /** Height in the tree: 0 = a slot. */
  level: number;
  minimumWidth: number;
  children: Group[];
}

/** Whether the slots fit on an axis of this length. */
export function fits(slots: readonly SlotSize[], axisLength: number): boolean {
  return totalWidth(tree(slots), narrowest(slots)) <= axisLength;
}

/** Places the slots in the middle of the axis, as wide as fits. Labels that are too long are broken or cut. */
export function placeSlots(slots: readonly SlotSize[], axisLength: number): SlotLayout {
  const groups = tree(slots);
  let slotWidth = narrowest(slots);
  while (slotWidth + 1 <= widestSlot && totalWidth(groups, slotWidth + 1) <= axisLength) slotWidth++;

  const layout: SlotLayout = { slots: [], labels: [] };
  const place = (siblings: readonly Group[], start: number): void => {
    let left = start;
    for (const group of siblings) {
      const width = groupWidth(group, slotWidth);
      const centre = left + width / 2;
      const lines = wrap(group.name, width - labelMargin, fontSizes.label, { maximumLines: maximumLabelLines });
      layout.labels.push({ level: group.level, lines, centre, start: left, end: left + width });
      if (group.level === 0) layout.slots.push({ centre, width });
      else place(group.children, centre - totalWidth(group.children, slotWidth) / 2);
      left += width + gapAfter(group);
    }
  };
  place(groups, (axisLength - totalWidth(groups, slotWidth)) / 2);
  return layout;
}

/** Splits the slots into as few charts as hold them, between outermost groups where that is possible. */
export function paginate<T extends SlotSize>(slots: readonly T[], axisLength: number): T[][] {
  const pages: T[][] = [];
  let page: T[] = [];
  const turn = (): void => {
    if (page.length > 0) pages.push(page);
    page = [];
  };
  for (const group of runs(slots, 0)) {
    if (!fits([...page, ...group], axisLength)) turn();
    for (const slot of group) {
      if (page.length > 0 && !fits([...page, slot], axisLength)) turn();
      page.push(slot);
    }
  }
  turn();
  return pages;
}

function tree(slots: readonly SlotSize[], depth = 0): Group[] {
  const level = (slots[0]?.names.length ?? 1) - 1 - depth;
  return (level === 0 ? slots.map((slot) => [slot]) : runs(slots, depth)).map((members) => {
    const name = drawable(members[0]!.names[depth]!);
    const nameWidth = Math.min(linesWidth(name.split(' '), fontSizes.label), breakableWidth) + labelMargin;
    return {
      name,
      level,
      minimumWidth: level === 0 ? Math.max(nameWidth, members[0]!.minimumWidth) : nameWidth,
      children: level === 0 ? [] : tree(members, depth + 1),
    };
  });
}

/** Neighbours with the same name at a depth. */
function runs<T extends SlotSize>(slots: readonly T[], depth: number): T[][] {
  const found: T[][] = [];
  for (const slot of slots) {
    const last = found.at(-1);
    if (last && last[0]!.names[depth] === slot.names[depth]) last.push(slot);
    else found.push([slot]);
  }
  return found;
}

/** All slots of a chart are equally wide: as the neediest of them. */
function narrowest(slots: readonly SlotSize[]): number {
  const leaves = (groups: readonly Group[]): Group[] =>
    groups.flatMap((group) => (group.level === 0 ? [group] : leaves(group.children)));
  return Math.max(narrowestSlot, ...leaves(tree(slots)).map((leaf) => leaf.minimumWidth));
}

function groupWidth(group: Group, slotWidth: number): number {
  if (group.level === 0) return slotWidth;
  return Math.max(group.minimumWidth, totalWidth(group.children, slotWidth));
}

const gapAfter = (group: Group): number => gaps[group.level] ?? gaps.at(-1)!;

function totalWidth(groups: readonly Group[], slotWidth: number): number {
  const widths = groups.reduce((sum, group) => sum + groupWidth(group, slotWidth), 0);
  const between = groups.slice(0, -1).reduce((sum, group) => sum + gapAfter(group), 0);
  return widths + between;
}
