/** The controls of what is shown: how sure, which kinds, how much overlap, what is blurred. They appear if there is a choice. */

import { createChips } from '../../dom/chips.js';
import { element } from '../../dom/elements.js';
import { createSearchBox } from '../../dom/search-box.js';
import { createSlider } from '../../dom/slider.js';
import { classColour } from '../../marks/colour.js';
import { words } from '../../texts/tasks/words.js';
import { labelName } from '../../texts/texts.js';
import { createBlurControls } from './blur-controls.js';

/** @typedef {import('./types.js').Choice} Choice */
/** @typedef {import('./types.js').Result} Result */
/** @typedef {import('./types.js').Shown} Shown */

const BLUR_SEEN_MAX = 2; // kinds; of more the choice is folded away

/** @type {import('../contract.js').CreateControls<Choice, Shown, Result>} */
export function createControls({ main, more, onChoice, onSettled, further }) {
  const range = { min: 5, max: 95 };
  const confidence = createSlider('confidence', { ...range, step: 1 }, (value) => onChoice({ confidence: value }), onSettled);
  const overlap = createSlider('overlap', { ...range, step: 5 }, (value) => onChoice({ iou: value }), onSettled);
  const hint = element('p', 'hint');
  hint.id = 'overlap-hint';
  overlap.input.setAttribute('aria-describedby', hint.id);
  const search = createSearchBox('find', (find) => onChoice({ find }), onSettled);
  const chips = createChips((hidden) => {
    onChoice({ hidden });
    onSettled();
  });
  const blur = createBlurControls((blurred) => {
    onChoice({ blurred });
    onSettled();
  });
  const filters = element('div', '');
  filters.append(search.row, confidence.row, chips.root);
  const folded = element('div', '');
  folded.append(overlap.row, hint);
  main.append(filters);
  more.append(folded);
  let isAsked = false;

  /** Lines between key points are the model's, and its card has them. @param {Result} result */
  async function askForSkeleton(result) {
    if (isAsked || result.skeleton || !result.candidates.some(({ keypoints }) => keypoints)) return;
    isAsked = true;
    const { card, learn } = await further();
    const skeleton = (await card())?.skeleton ?? [];
    learn(result, { ...result, skeleton });
  }

  return {
    show({ choice, shown: { classes, isAdjustable, hasChips, hasAttributes, blurrable, result }, isEdited }) {
      filters.hidden = !isAdjustable || isEdited;
      folded.hidden = filters.hidden;
      blur.show(blurrable, choice.blurred);
      const place = blurrable.length <= BLUR_SEEN_MAX ? main : more;
      if (blur.root.parentElement !== place) place.append(blur.root);
      main.hidden = filters.hidden && (place === more || blurrable.length === 0);
      more.hidden = folded.hidden && (place === main || blurrable.length === 0);
      hint.textContent = words.controls.overlapHint;
      search.row.hidden = !hasAttributes && choice.find === '';
      search.show(words.attributes.search, choice.find);
      confidence.show(words.controls.confidence, choice.confidence);
      overlap.show(words.controls.overlap, choice.iou);
      const offered = hasChips ? classes.filter((count) => count.many > 0 || count.hidden) : [];
      chips.show(
        words.controls.classes,
        offered.map(({ label, classId, many, hidden }) => {
          return { label, text: words.detection.chip(labelName(label), many), colour: classColour(classId), hidden };
        }),
        choice.hidden,
      );
      void askForSkeleton(result).catch(() => {}); // then there are points without lines
    },

    remove() {
      main.replaceChildren();
      more.replaceChildren();
    },
  };
}
