"""What `figure` draws: drawings in the house style that know nothing of a report.

Every value is labelled where it stands, so that no axis of values and no legend is needed.
"""
