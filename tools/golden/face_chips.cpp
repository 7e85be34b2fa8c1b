// The faces of a picture as dlib cuts them out: `face_chips PICTURE.rgb WIDTH HEIGHT CHIPS.rgb` with 136 whole numbers for
// each face on stdin, its 68 points; the chips, 150 × 150 with a padding of .25, one after the other into CHIPS.rgb, and
// where the points land in them on stdout. Compiled by tools/golden/face-chips.ts.

#include <dlib/image_processing/full_object_detection.h>
#include <dlib/image_transforms.h>
#include <fstream>
#include <iostream>

int main(int, char** arguments) {
  const long width = std::stol(arguments[2]), height = std::stol(arguments[3]);
  dlib::array2d<dlib::rgb_pixel> picture(height, width);
  std::ifstream in(arguments[1], std::ios::binary);
  for (auto& pixel : picture) {
    char rgb[3];
    in.read(rgb, 3);
    pixel = dlib::rgb_pixel(rgb[0], rgb[1], rgb[2]);
  }
  std::ofstream out(arguments[4], std::ios::binary);
  long x, y;
  while (std::cin >> x >> y) {
    std::vector<dlib::point> points{{x, y}};
    while (points.size() < 68 && std::cin >> x >> y) points.emplace_back(x, y);
    const dlib::full_object_detection face(dlib::rectangle(), points);
    const auto details = dlib::get_face_chip_details(face, 150, 0.25);
    dlib::array2d<dlib::rgb_pixel> chip;
    dlib::extract_image_chip(picture, details, chip);
    for (const auto& pixel : chip) out.put(pixel.red).put(pixel.green).put(pixel.blue);
    const auto to_chip = dlib::get_mapping_to_chip(details);
    for (const auto& point : points) {
      const dlib::dpoint place = to_chip(dlib::dpoint(point));
      std::cout << place.x() << ' ' << place.y() << ' ';
    }
    std::cout << '\n';
  }
}
