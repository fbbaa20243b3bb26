//! Problems of a document, with their source lines, as compilers show them.

use std::path::Path;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use eligibility::diagnostic::{Diagnostic, Label, LineStarts, Severity};

use super::{terminal, width};

/// Renders all problems of a text that was read from `path`.
pub(crate) fn render(path: &Path, text: &str, problems: &[Diagnostic]) -> String {
    let renderer = Renderer::styled().decor_style(DecorStyle::Ascii).term_width(width::table());
    let origin = path.display().to_string();
    let lines = LineStarts::of(text);
    let rendered: Vec<_> =
        problems.iter().map(|problem| one(&renderer, &origin, &lines, problem)).collect();
    terminal::marked(&rendered.join("\n\n"))
}

fn one(renderer: &Renderer, origin: &str, lines: &LineStarts<'_>, problem: &Diagnostic) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let related = problem.related.iter().map(|one| &one.span);
    let window = lines.around(std::iter::once(&problem.primary.span).chain(related));
    let annotation = |kind: AnnotationKind, label: &Label| {
        let text = (!label.text.is_empty()).then(|| label.text.clone());
        let within = |at: usize| at.saturating_sub(window.offset);
        kind.span(within(label.span.start)..within(label.span.end)).label(text)
    };
    let primary = annotation(AnnotationKind::Primary, &problem.primary);
    let related =
        problem.related.iter().map(|related| annotation(AnnotationKind::Context, related));
    let snippet = Snippet::source(window.text)
        .line_start(window.line)
        .path(origin)
        .annotation(primary)
        .annotations(related);
    let group = level.primary_title(&problem.message).id(problem.code).element(snippet);
    let hint = problem.hint.as_deref().map(|hint| Level::HELP.with_name("hint").message(hint));
    renderer.render(&[group.elements(hint)])
}
