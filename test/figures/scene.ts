import type { View } from 'vega';

/** A box on the page, points; `what` says of what. */
export interface Box {
  what: string;
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

interface SceneItem {
  text?: string | string[];
  opacity?: number;
  x?: number;
  y?: number;
  bounds: { x1: number; y1: number; x2: number; y2: number };
  items?: SceneMark[];
}

interface SceneMark {
  marktype: string;
  role?: string;
  items: SceneItem[];
}

export interface Scene {
  width: number;
  height: number;
  texts: Box[];
  bars: Box[];
}

/** Where every visible text and bar of a laid out figure stands, in page coordinates. */
export function sceneOf(view: View): Scene {
  const padding = view.padding() as { left: number; right: number; top: number; bottom: number };
  const [left, top] = view.origin();
  const scene: Scene = {
    width: view.width() + padding.left + padding.right,
    height: view.height() + padding.top + padding.bottom,
    texts: [],
    bars: [],
  };
  const box = (what: string, { bounds }: SceneItem, dx: number, dy: number): Box => ({
    what,
    x1: bounds.x1 + dx,
    y1: bounds.y1 + dy,
    x2: bounds.x2 + dx,
    y2: bounds.y2 + dy,
  });
  const visit = (mark: SceneMark, dx: number, dy: number): void => {
    for (const item of mark.items) {
      if (mark.marktype === 'group') {
        for (const child of item.items ?? []) visit(child, dx + (item.x ?? 0), dy + (item.y ?? 0));
      } else if (mark.marktype === 'text' && item.opacity !== 0 && String(item.text ?? '').trim() !== '') {
        scene.texts.push(box(String(item.text), item, dx, dy));
      } else if (mark.marktype === 'rect' && mark.role === 'mark') {
        scene.bars.push(box('bar', item, dx, dy));
      }
    }
  };
  const { root } = view.scenegraph() as unknown as { root: SceneMark };
  visit(root, padding.left + left, padding.top + top);
  return scene;
}

/** Pairs that share more than a hair of the page. */
export function overlaps(first: readonly Box[], second: readonly Box[], tolerance = 0.6): string[] {
  const found: string[] = [];
  first.forEach((a, index) => {
    const others = first === second ? second.slice(index + 1) : second;
    for (const b of others) {
      const wide = Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1);
      const high = Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1);
      if (wide > tolerance && high > tolerance) found.push(`'${a.what}' and '${b.what}'`);
    }
  });
  return found;
}

/** Boxes that leave the page. */
export function outside({ width, height }: Scene, boxes: readonly Box[]): string[] {
  return boxes
    .filter(({ x1, y1, x2, y2 }) => x1 < -0.01 || y1 < -0.01 || x2 > width + 0.01 || y2 > height + 0.01)
    .map(({ what }) => what);
}
