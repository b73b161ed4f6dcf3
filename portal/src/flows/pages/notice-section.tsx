interface NoticeSectionProps {
  readonly title: string;
  readonly points: readonly string[];
}

/** A part of a notice: a heading and its points. */
export const NoticeSection = ({ title, points }: NoticeSectionProps) => (
  <section class="stack">
    <h2>{title}</h2>
    <ul class="points">
      {points.map((point) => (
        <li key={point}>{point}</li>
      ))}
    </ul>
  </section>
);
