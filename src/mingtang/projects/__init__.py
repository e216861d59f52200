"""The app projects: 重大项目库, the library of major projects and the programmes they belong to."""
