"""One HTML page of a data set: pictures, boxes, labels, statistics, rejects."""
