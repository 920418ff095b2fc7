mod project;
