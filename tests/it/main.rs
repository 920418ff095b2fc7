mod indicators;
