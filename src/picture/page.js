/* SPDX-License-Identifier: Apache-2.0 */
/* What the page can do beyond being read: show what belongs together, and the value under the pointer. */
'use strict';
(() => {
  const light = (index, on) => {
    for (const part of document.querySelectorAll(`[data-i="${index}"]`)) part.classList.toggle('lit', on);
  };
  for (const part of document.querySelectorAll('[data-i]')) {
    for (const name of ['pointerenter', 'focusin']) part.addEventListener(name, () => light(part.dataset.i, true));
    for (const name of ['pointerleave', 'focusout']) part.addEventListener(name, () => light(part.dataset.i, false));
  }

  const digits = (value) => Number(value.toPrecision(3)).toString();
  const amount = (value, unit) => (unit === 'share' ? `${digits(value * 100)} %` : `${digits(value)} ${unit}`);
  const after = (seconds) => `${digits(Math.abs(seconds))} s ${seconds < 0 ? 'before' : 'after'} detection`;

  const follow = (plot) => {
    const { from, to, low, high, top, bottom, unit } = plot.dataset;
    const points = plot.querySelector('.line').getAttribute('points').trim().split(' ').map((pair) => pair.split(',').map(Number));
    const readout = plot.closest('figure').querySelector('.readout');
    const cursor = document.createElementNS('http://www.w3.org/2000/svg', 'line');
    for (const [name, value] of [['class', 'cursor'], ['y1', top], ['y2', bottom], ['visibility', 'hidden']]) cursor.setAttribute(name, value);
    plot.append(cursor);
    plot.addEventListener('pointermove', (event) => {
      const box = plot.getBoundingClientRect();
      const share = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
      const nearest = points.reduce((best, point) => (point[0] <= share * 1000 + 0.5 ? point : best), points[0]);
      const value = +low + ((bottom - nearest[1]) / (bottom - top)) * (high - low);
      for (const name of ['x1', 'x2']) cursor.setAttribute(name, `${share * 100}%`);
      cursor.setAttribute('visibility', 'visible');
      readout.textContent = `${amount(value, unit)}, ${after(+from + share * (to - from))}`;
    });
    plot.addEventListener('pointerleave', () => {
      cursor.setAttribute('visibility', 'hidden');
      readout.textContent = '';
    });
  };
  for (const plot of document.querySelectorAll('.plot[data-from]')) follow(plot);
})();
