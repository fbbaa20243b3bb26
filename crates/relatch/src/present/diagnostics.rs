//! Problems of a document, with their source lines, as compilers show them.

use std::path::Path;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use eligibility::diagnostic::{Diagnostic, Severity};

use super::{terminal, width};

/// Renders all problems of a text that was read from `path`.
pub(crate) fn render(path: &Path, text: &str, problems: &[Diagnostic]) -> String {
    let renderer = Renderer::styled().decor_style(DecorStyle::Ascii).term_width(width::table());
    let origin = path.display().to_string();
    let rendered: Vec<_> =
        problems.iter().map(|problem| one(&renderer, &origin, text, problem)).collect();
    terminal::marked(&rendered.join("\n\n"))
}

fn one(renderer: &Renderer, origin: &str, text: &str, problem: &Diagnostic) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let labelled = |label: &str| (!label.is_empty()).then(|| label.to_owned());
    let primary = AnnotationKind::Primary
        .span(problem.primary.span.clone())
        .label(labelled(&problem.primary.text));
    let related = problem.related.iter().map(|related| {
        AnnotationKind::Context.span(related.span.clone()).label(labelled(&related.text))
    });
    let snippet = Snippet::source(text).path(origin).annotation(primary).annotations(related);
    let group = level.primary_title(&problem.message).id(problem.code).element(snippet);
    let hint = problem.hint.as_deref().map(|hint| Level::HELP.with_name("hint").message(hint));
    renderer.render(&[group.elements(hint)])
}
