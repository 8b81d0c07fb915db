"""The real server process and the real phone engine, with everything between and below them failing."""
