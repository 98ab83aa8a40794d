"""Everything that knows Flask: routes, forms, origins, errors as answers, metrics. Nothing else imports flask."""
