// Where the points of a face are, in this browser alone: the same cascade and the same network as the server's finder, in
// plain JavaScript. Data comes once, before any camera is opened; nothing here asks for anything or sends anything.

const WINDOW = 24;
const STEP = 1.2;
const LOOK_PX = 320;
const SURE = 0.8;
const AGREE = 0.12;
const ASIDE = [0.06, -0.05, 1.06, 0.05];

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** Numbers of 16 bits as floats of 32. */
function halves(buffer, offset, count) {
  const from = new Uint16Array(buffer.slice(offset, offset + 2 * count));
  const out = new Float32Array(count);
  for (let i = 0; i < count; i += 1) {
    const bits = from[i];
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
    out[i] = bits & 32768 ? -size : size;
  }
  return out;
}

/** Read what the server packed: four bytes with the length of the JSON, the JSON, then numbers of 16 bits. */
export function readModel(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const said = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let offset = 4 + length;
  const arrays = {};
  for (const { name, count } of said.arrays) {
    arrays[name] = halves(buffer, offset, count);
    offset += 2 * count;
  }
  return { ...said, arrays };
}

/** A picture `{width, height, data}` (RGBA, as a canvas gives it) in one colour. */
function grey({ width, height, data }) {
  const out = new Float32Array(width * height);
  for (let i = 0, p = 0; i < out.length; i += 1, p += 4) out[i] = 0.299 * data[p] + 0.587 * data[p + 1] + 0.114 * data[p + 2];
  return out;
}

/** One colour, made smaller or larger: means of what falls on each pixel, or in between where it grows. */
function sized(from, width, height, wide, tall) {
  const out = new Float32Array(wide * tall);
  const across = width / wide;
  const down = height / tall;
  const taps = Math.max(1, Math.round(Math.max(across, down)));
  for (let y = 0; y < tall; y += 1) {
    for (let x = 0; x < wide; x += 1) {
      let sum = 0;
      for (let j = 0; j < taps; j += 1) {
        for (let i = 0; i < taps; i += 1) {
          const fx = Math.min(width - 1, Math.max(0, (x + (i + 0.5) / taps) * across - 0.5));
          const fy = Math.min(height - 1, Math.max(0, (y + (j + 0.5) / taps) * down - 0.5));
          const x0 = Math.min(width - 2, fx | 0);
          const y0 = Math.min(height - 2, fy | 0);
          const u = fx - x0;
          const v = fy - y0;
          const at = y0 * width + x0;
          sum += (from[at] * (1 - u) + from[at + 1] * u) * (1 - v) + (from[at + width] * (1 - u) + from[at + width + 1] * u) * v;
        }
      }
      out[y * wide + x] = sum / (taps * taps);
    }
  }
  return out;
}

function sums(pixels, width, height) {
  const out = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y += 1) {
    let row = 0;
    for (let x = 0; x < width; x += 1) {
      row += pixels[y * width + x];
      out[(y + 1) * (width + 1) + x + 1] = out[y * (width + 1) + x + 1] + row;
    }
  }
  return out;
}

/** Whether a window at (x, y) goes through all stages of the cascade. */
function passes(cascade, table, wide, x, y) {
  for (const stage of cascade) {
    let total = 0;
    for (const { rect, subset, leaves } of stage.weak) {
      const [rx, ry, w, h] = rect;
      const left = x + rx;
      const top = y + ry;
      const block = (i, j) => {
        const a = (top + j * h) * wide + left + i * w;
        const b = a + h * wide;
        return table[b + w] - table[b] - table[a + w] + table[a];
      };
      const middle = block(1, 1);
      const code = (block(0, 0) >= middle ? 128 : 0) | (block(1, 0) >= middle ? 64 : 0) | (block(2, 0) >= middle ? 32 : 0)
        | (block(2, 1) >= middle ? 16 : 0) | (block(2, 2) >= middle ? 8 : 0) | (block(1, 2) >= middle ? 4 : 0)
        | (block(0, 2) >= middle ? 2 : 0) | (block(0, 1) >= middle ? 1 : 0);
      total += subset[code >> 5] & (1 << (code & 31)) ? leaves[0] : leaves[1];
    }
    if (total < stage.least) return false;
  }
  return true;
}

/** Frames `[x, y, size, roll]` of what the cascade takes for faces, the surest (most windows) first. */
export function proposed(model, picture, { least = 36, lookPx = LOOK_PX } = {}) {
  const { width, height } = picture;
  const base = Math.min(1.7, lookPx / Math.max(width, height));
  const light = grey(picture);
  const hits = [];
  for (let scale = (base * WINDOW) / least; Math.min(width, height) * scale >= WINDOW + 2; scale /= STEP) {
    const wide = Math.round(width * scale);
    const tall = Math.round(height * scale);
    const table = sums(sized(light, width, height, wide, tall), wide, tall);
    for (let y = 0; y + WINDOW <= tall; y += 1) {
      for (let x = y & 1; x + WINDOW <= wide; x += 2) {
        if (passes(model.cascade, table, wide + 1, x, y)) hits.push({ x: (x + WINDOW / 2) / scale, y: (y + WINDOW / 2) / scale, side: WINDOW / scale });
      }
    }
  }
  const groups = [];
  for (const hit of hits) {
    const near = groups.find((one) => Math.hypot(one.x - hit.x, one.y - hit.y) < 0.3 * one.side && Math.abs(Math.log(one.side / hit.side)) < 0.35);
    if (!near) groups.push({ ...hit, count: 1 });
    else {
      near.count += 1;
      for (const name of ["x", "y", "side"]) near[name] += (hit[name] - near[name]) / near.count;
    }
  }
  groups.sort((a, b) => b.count - a.count);
  return groups.slice(0, 12).map(({ x, y, side }) => [x, y + model.box_middle * side, model.box_size * side, 0]);
}

/** What the network is shown of a frame: three planes of mean 0 and spread 1, with a border of noughts. */
function square(model, picture, [x, y, size, roll]) {
  const px = model.square_px;
  const wide = px + 2;
  const step = (model.side * size) / px;
  const taps = Math.max(1, Math.floor(step));
  const { width, height, data } = picture;
  const cos = Math.cos(roll) * step;
  const sin = Math.sin(roll) * step;
  const out = new Float32Array(3 * wide * wide);
  let sum = 0;
  let squares = 0;
  for (let j = 0; j < px; j += 1) {
    for (let i = 0; i < px; i += 1) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let b = 0; b < taps; b += 1) {
        for (let a = 0; a < taps; a += 1) {
          const u = i + (a + 0.5) / taps - px / 2;
          const v = j + (b + 0.5) / taps - px / 2;
          const fx = Math.min(width - 1, Math.max(0, x + cos * u - sin * v - 0.5));
          const fy = Math.min(height - 1, Math.max(0, y + sin * u + cos * v - 0.5));
          const x0 = Math.min(width - 2, fx | 0);
          const y0 = Math.min(height - 2, fy | 0);
          const p = 4 * (y0 * width + x0);
          const q = p + 4 * width;
          const s = fx - x0;
          const t = fy - y0;
          const w00 = (1 - s) * (1 - t);
          const w10 = s * (1 - t);
          const w01 = (1 - s) * t;
          const w11 = s * t;
          red += data[p] * w00 + data[p + 4] * w10 + data[q] * w01 + data[q + 4] * w11;
          green += data[p + 1] * w00 + data[p + 5] * w10 + data[q + 1] * w01 + data[q + 5] * w11;
          blue += data[p + 2] * w00 + data[p + 6] * w10 + data[q + 2] * w01 + data[q + 6] * w11;
        }
      }
      const share = 1 / (255 * taps * taps);
      const at = (j + 1) * wide + i + 1;
      out[at] = red * share;
      out[wide * wide + at] = green * share;
      out[2 * wide * wide + at] = blue * share;
      for (const value of [red * share, green * share, blue * share]) {
        sum += value;
        squares += value * value;
      }
    }
  }
  const count = 3 * px * px;
  const mean = sum / count;
  const spread = Math.sqrt(Math.max(0, (squares - count * mean * mean) / (count - 1))) + 1e-3;
  for (let c = 0; c < 3; c += 1) {
    for (let j = 1; j <= px; j += 1) {
      for (let at = c * wide * wide + j * wide + 1, end = at + px; at < end; at += 1) out[at] = (out[at] - mean) / spread;
    }
  }
  return out;
}

/** A convolution of 3 by 3 over planes with a border, ReLU after it; the answer has a border, too. */
function convolved(from, inner, px, outer, step, weights, bias) {
  const wide = px + 2;
  const made = px / step;
  const border = made + 2;
  const out = new Float32Array(outer * border * border);
  const plane = new Float32Array(made * made);
  for (let o = 0; o < outer; o += 1) {
    plane.fill(bias[o]);
    for (let i = 0; i < inner; i += 1) {
      const w = 9 * (o * inner + i);
      const w0 = weights[w], w1 = weights[w + 1], w2 = weights[w + 2], w3 = weights[w + 3], w4 = weights[w + 4];
      const w5 = weights[w + 5], w6 = weights[w + 6], w7 = weights[w + 7], w8 = weights[w + 8];
      const begin = i * wide * wide;
      for (let y = 0, k = 0; y < made; y += 1) {
        let a = begin + y * step * wide;
        let b = a + wide;
        let c = b + wide;
        for (let x = 0; x < made; x += 1, k += 1, a += step, b += step, c += step) {
          plane[k] += w0 * from[a] + w1 * from[a + 1] + w2 * from[a + 2] + w3 * from[b] + w4 * from[b + 1] + w5 * from[b + 2]
            + w6 * from[c] + w7 * from[c + 1] + w8 * from[c + 2];
        }
      }
    }
    for (let y = 0, k = 0; y < made; y += 1) {
      for (let x = 0, at = o * border * border + (y + 1) * border + 1; x < made; x += 1, k += 1, at += 1) out[at] = plane[k] > 0 ? plane[k] : 0;
    }
  }
  return out;
}

function dense(from, weights, bias, relu) {
  const out = new Float32Array(bias.length);
  for (let o = 0; o < out.length; o += 1) {
    let sum = bias[o];
    for (let i = 0, w = o * from.length; i < from.length; i += 1, w += 1) sum += weights[w] * from[i];
    out[o] = relu && sum < 0 ? 0 : sum;
  }
  return out;
}

/** One look at a frame of a picture: its points (x and y in turn), yaw in degrees, and how sure it is a face. */
export function looked(model, picture, frame) {
  let planes = square(model, picture, frame);
  let px = model.square_px;
  const { arrays, layers } = model;
  layers.forEach(([inner, outer, step], n) => {
    planes = convolved(planes, inner, px, outer, step, arrays[`convs.${n}.weight`], arrays[`convs.${n}.bias`]);
    px /= step;
  });
  const flat = new Float32Array(layers.at(-1)[1] * px * px);
  for (let c = 0, k = 0; c * px * px < flat.length; c += 1) {
    for (let y = 1; y <= px; y += 1) for (let x = 1; x <= px; x += 1, k += 1) flat[k] = planes[c * (px + 2) ** 2 + y * (px + 2) + x];
  }
  const said = dense(dense(flat, arrays["hidden.weight"], arrays["hidden.bias"], true), arrays["said.weight"], arrays["said.bias"], false);
  const [x, y, size, roll] = frame;
  const cos = Math.cos(roll) * model.side * size;
  const sin = Math.sin(roll) * model.side * size;
  const points = new Float32Array(2 * model.points.length);
  for (let k = 0; k < points.length; k += 2) {
    points[k] = x + cos * said[k] - sin * said[k + 1];
    points[k + 1] = y + sin * said[k] + cos * said[k + 1];
  }
  const yaw = (Math.asin(Math.max(-1, Math.min(1, said[points.length]))) * 180) / Math.PI;
  return { points, yaw, sure: sigmoid(said[points.length + 1]) };
}

const mean = (points, from, to) => {
  let x = 0;
  let y = 0;
  for (let k = from; k < to; k += 1) {
    x += points[2 * k];
    y += points[2 * k + 1];
  }
  return [x / (to - from), y / (to - from)];
};

/** The middles of the eyes, the one on the left of the picture first. */
export const eyesOf = (points) => [mean(points, 0, 4), mean(points, 4, 8)];

/** Middle, size and roll of a face by its points. */
export function frameOf(points) {
  const [left, right] = eyesOf(points);
  const eyes = [(left[0] + right[0]) / 2, (left[1] + right[1]) / 2];
  const mouth = [(points[28] + points[40]) / 2, (points[29] + points[41]) / 2];
  const size = Math.max(Math.hypot(right[0] - left[0], right[1] - left[1]), 0.95 * Math.hypot(mouth[0] - eyes[0], mouth[1] - eyes[1]));
  return [(eyes[0] + mouth[0]) / 2, (eyes[1] + mouth[1]) / 2, size, Math.atan2(right[1] - left[1], right[0] - left[0])];
}

/** A frame that is nearly right becomes a face: two looks that have to agree. Null where they do not, or it is none. */
function settled(model, picture, frame, before) {
  const first = before ? null : looked(model, picture, frame);
  if (first && first.sure < SURE / 2) return null;
  const again = before ? frame : frameOf(first.points);
  const [ax, ay, larger, turn] = ASIDE;
  const one = looked(model, picture, again);
  if (one.sure < SURE) return null;
  const two = looked(model, picture, [again[0] + ax * again[2], again[1] + ay * again[2], again[2] * larger, again[3] + turn]);
  let apart = 0;
  for (let k = 0; k < 20; k += 2) apart += Math.hypot(one.points[k] - two.points[k], one.points[k + 1] - two.points[k + 1]) / 10;
  if (two.sure < SURE || apart / again[2] > AGREE) return null;
  const points = one.points.map((value, k) => (value + two.points[k]) / 2);
  return { points, yaw: (one.yaw + two.yaw) / 2, sure: Math.min(one.sure, two.sure) };
}

/** Every face that is surely one, the largest first. */
export function faces(model, picture, options) {
  const found = [];
  for (const frame of proposed(model, picture, options)) {
    const face = settled(model, picture, frame);
    if (!face) continue;
    const [x, y, size] = frameOf(face.points);
    if (found.every((one) => Math.hypot(one.at[0] - x, one.at[1] - y) > 1.2 * Math.max(one.at[2], size))) found.push({ ...face, at: [x, y, size] });
  }
  return found.sort((a, b) => b.at[2] - a.at[2]);
}

/** The face that was last seen at these points, on the next picture; null where it is gone. */
export const followed = (model, picture, points) => settled(model, picture, frameOf(points), true);
