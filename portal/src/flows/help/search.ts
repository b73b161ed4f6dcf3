import ar from '../../i18n/ar/help.ts';
import en from '../../i18n/en/help.ts';
import { type Question, questions } from './questions.ts';
import { isNear, stemsOf } from './words.ts';

/** How much a word counts by where it stands: in the question and the words people use for it, or in the answer. */
const places = { question: 4, answer: 1 } as const;
/** How much it counts by how well it fits: the same word, its beginning, or a word with a typing mistake. */
const fits = { same: 1, begins: 0.8, near: 0.5 } as const;

/** The words of a question, each with its weight. Both languages: people mix them, whatever the page's language. */
type Weights = ReadonlyMap<string, number>;

const weightsOf = ({ id, words }: Question): Weights => {
  const weights = new Map<string, number>();
  const add = (text: string, weight: number) => {
    for (const stem of stemsOf(text)) weights.set(stem, Math.max(weight, weights.get(stem) ?? 0));
  };
  add(words, places.question);
  for (const texts of [ar.questions[id], en.questions[id]]) {
    add(texts.question, places.question);
    add(texts.answer, places.answer);
  }
  return weights;
};

let index: ReadonlyMap<Question, Weights> | undefined;

/**
 * The questions that a person may mean, the likeliest first, then as the page lists them. A question counts if it has at least half of the typed
 * words. Nothing is sent or stored: the questions are in the page's script.
 */
export function searchQuestions(typed: string): readonly Question[] {
  index ??= new Map(questions.map((question) => [question, weightsOf(question)]));
  const stems = stemsOf(typed);
  return [...index]
    .map(([question, weights]) => {
      const found = stems.map((stem) => bestFit(stem, weights)).filter((fit) => fit > 0);
      return { question, hits: found.length, score: found.reduce((sum, fit) => sum + fit, 0) };
    })
    .filter(({ hits }) => hits > 0 && hits >= stems.length / 2)
    .sort((one, other) => other.hits - one.hits || other.score - one.score)
    .map(({ question }) => question);
}

function bestFit(stem: string, weights: Weights): number {
  let best = 0;
  for (const [word, weight] of weights) best = Math.max(best, weight * fitOf(stem, word));
  return best;
}

function fitOf(stem: string, word: string): number {
  if (stem === word) return fits.same;
  // People see results while they type.
  if (stem.length >= 3 && word.startsWith(stem)) return fits.begins;
  return isNear(stem, word) ? fits.near : 0;
}
